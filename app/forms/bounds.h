/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

/* What a form may cost. A form over a limit is refused or, while it runs, an expression over one is worth nothing:
 * memory and time stay bounded whatever the file says. The largest public form that we know has 9,000 nodes. */

#define MERE_LIMIT_XML_DEPTH 200
#define MERE_LIMIT_XML_NODES 2000000
#define MERE_LIMIT_XML_ATTRIBUTES 256
#define MERE_LIMIT_LANGUAGES 200
#define MERE_LIMIT_EXPRESSION_BYTES (256 * 1024)
#define MERE_LIMIT_EXPRESSION_NESTING 120 /* parentheses, calls and predicates within each other */
#define MERE_LIMIT_EXPRESSION_HEIGHT 2000 /* of the tree: a + b + c … is as high as it is long */
#define MERE_LIMIT_STEPS 40000000         /* nodes looked at by one expression */
#define MERE_LIMIT_RESULT_BYTES (16 * 1024 * 1024)
#define MERE_LIMIT_REGEX_BYTES 4096
#define MERE_LIMIT_REGEX_STEPS 1000000 /* of matching, as PCRE2 counts them: some 50 ms */
#define MERE_LIMIT_REGEX_HEAP_KIB 16384
#define MERE_LIMIT_REFERENCES 2000000 /* from expressions to nodes, all expressions together */
#define MERE_LIMIT_SESSION_NODES 1000000
#define MERE_LIMIT_SESSION_BYTES (64 * 1024 * 1024) /* of all values together */
#define MERE_LIMIT_RUN_STEPS 200000000              /* nodes looked at, and bytes written, after one answer: some seconds */
#define MERE_STEPS_A_BYTE 3                         /* what a byte of a calculated value counts: all of a session fit in a run */
#define MERE_LIMIT_REPEAT_COUNT 10000               /* instances made by jr:count */
#define MERE_LIMIT_ROUNDS 1000000                   /* recomputations after one answer, before it is taken for an endless chase */
#define MERE_LIMIT_PROBLEMS 1000
#define MERE_LIMIT_CSV_COLUMNS 4096
