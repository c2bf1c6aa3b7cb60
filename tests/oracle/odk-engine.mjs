#!/usr/bin/env node
// SPDX-License-Identifier: GPL-3.0-or-later

// ODK's own engine, driven like ours (`merestone-hq form run`): the same steps in, the same state out.
//
//   odk-engine.mjs run FORM.xml [STEPS.json]       the state after the steps
//   odk-engine.mjs cases FORM.xml SEEDS COUNT      for each seed random steps that fit the form, and the state after them
//   odk-engine.mjs serve                           answers requests, a line of JSON each: {"form", "seeds", "count"} with what
//                                                  `cases` prints, {"form", "steps"} with what `run` prints, with "submission"
//                                                  what that prints, {"form", "expressions"} with the string that each comes
//                                                  to; null: it throws
//   odk-engine.mjs submission FORM.xml [STEPS.json]  the submission's XML
//   odk-engine.mjs bench FORM.xml STEPS.json       times in ms
//
// Files that a form refers to lie beside it.

import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { JSDOM } from 'jsdom';

// The engine is made for a browser: what it looks for there is lent to it.
const page = new JSDOM('<html></html>').window;
for (const name of ['document', 'Document', 'XMLDocument', 'DocumentFragment', 'DOMParser', 'XMLSerializer', 'Node', 'NodeFilter',
  'Element', 'HTMLElement', 'Attr', 'Text', 'Comment', 'CDATASection', 'ProcessingInstruction', 'XPathEvaluator', 'XPathResult'])
  globalThis[name] ??= page[name];
globalThis.window ??= page;
globalThis.require = createRequire(import.meta.url);
globalThis.__dirname = import.meta.dirname ?? '.';
const { createInstance, constants } = await import('@getodk/xforms-engine');

const MIME = { csv: 'text/csv', xml: 'text/xml', geojson: 'application/geo+json' };

class Filling {
  static async open(path) {
    const started = performance.now();
    const made = await createInstance(readFileSync(path, 'utf8'), {
      form: {
        fetchFormDefinition: () => { throw new Error('nothing is fetched'); },
        fetchFormAttachment: async (url) => Filling.#attachment(path, basename(String(url))),
        missingResourceBehavior: constants.MISSING_RESOURCE_BEHAVIOR.BLANK,
      },
      instance: {
        stateFactory: (state) => state,
        instanceAttachments: { fileNameFactory: (file) => file.basename + (file.extension ?? '') },
        preloadProperties: { deviceID: 'device', username: 'user' },
        geolocationProvider: { getLocation: async () => '' },
      },
    });
    return new Filling(made.root, performance.now() - started);
  }

  static #attachment(form, name) {
    const file = join(dirname(form), name);
    if (!existsSync(file)) return new Response('', { status: 404 });
    return new Response(readFileSync(file), { status: 200, headers: { 'content-type': MIME[name.split('.').pop()] ?? 'application/octet-stream' } });
  }

  constructor(root, loadMs) {
    this.root = root;
    this.loadMs = loadMs;
  }

  * nodes(node = this.root) {
    yield node;
    for (const child of node.currentState.children ?? []) yield* this.nodes(child);
  }

  static ref(node) { return node.currentState.reference; }
  static isRange(node) { return node.nodeType.startsWith('repeat-range'); }

  find(ref, wantsRange) {
    const plain = (text) => text.replaceAll('[1]', '');
    for (const node of this.nodes())
      if (plain(Filling.ref(node)) === plain(ref) && Filling.isRange(node) === wantsRange) return node;
    throw new Error(`no node ${ref}`);
  }

  take(step) {
    if ('set' in step) this.#set(this.find(step.set, false), String(step.value));
    else if ('add' in step) this.find(step.add, true).addInstances();
    else if ('remove' in step) {
      const [, ref, position] = /^(.*)\[(\d+)\]$/.exec(step.remove);
      this.find(ref, true).removeInstances(Number(position) - 1);
    } else this.root.setLanguage(this.root.languages.find((language) => language.language === step.language));
  }

  #set(node, value) {
    const words = value.split(/\s+/).filter((word) => word !== '');
    if (node.nodeType === 'select') node.selectValues(node.selectType === 'select1' ? (value === '' ? [] : [value]) : words);
    else if (node.nodeType === 'rank') node.setValues(words);
    else if (node.nodeType === 'trigger') node.setValue(value === 'OK');
    else node.setValue(value);
  }

  async submission() {
    const payload = await this.root.prepareInstancePayload();
    return payload.data[0].get('xml_submission_file').text();
  }

  state() {
    const rows = [];
    for (const node of this.nodes()) {
      if (node.nodeType === 'root' || Filling.isRange(node)) continue;
      const now = node.currentState;
      const row = { ref: now.reference, relevant: now.relevant, readonly: now.readonly };
      if (now.label) row.label = now.label.asString;
      if (node.nodeType !== 'group' && node.nodeType !== 'repeat-instance') {
        const violation = node.validationState.violation;
        Object.assign(row, { value: now.instanceValue, required: now.required, valid: violation == null });
        if (violation) row.violation = violation.condition;
      }
      if (node.nodeType === 'select' || node.nodeType === 'rank')
        row.choices = now.valueOptions.map((option) => [option.value, option.label.asString]);
      rows.push(row);
    }
    return { nodes: rows };
  }
}

// A small generator of repeatable chance (xorshift32).
const chance = (seed) => {
  let state = (seed * 2654435761) | 1;
  return () => {
    state ^= state << 13; state ^= state >>> 17; state ^= state << 5;
    return (state >>> 0) / 4294967296;
  };
};

const ANSWERS = {
  int: ['0', '1', '2', '3', '5', '10', '17', '18', '19', '42', '65', '100', '-3', ''],
  decimal: ['0', '0.5', '1.5', '3.25', '36.6', '-0.5', '1000', ''],
  date: ['2024-02-29', '1990-01-01', '2026-11-24', '2015-06-30', '1969-12-31', ''],
  string: ['a', 'b', 'abc', 'Ana', '12', '3', 'x y', 'yes', 'no', 'José', ' padded ', ''],
};

const answerFor = (node, random) => {
  const pick = (list) => list[Math.floor(random() * list.length)];
  switch (node.nodeType) {
    case 'select': {
      const values = node.currentState.valueOptions.map((option) => option.value).filter((value) => value !== '' && !/\s/.test(value));
      if (values.length === 0) return null;
      if (node.selectType === 'select1') return random() < 0.9 ? pick(values) : '';
      return values.filter(() => random() < 0.4).join(' ');
    }
    case 'rank': {
      const values = node.currentState.valueOptions.map((option) => option.value);
      if (values.some((value) => value === '' || /\s/.test(value)) || values.length === 0) return null;
      return values.map((value) => [random(), value]).sort((a, b) => a[0] - b[0]).map(([, value]) => value).join(' ');
    }
    case 'trigger': return random() < 0.8 ? 'OK' : '';
    case 'input': case 'range': return ANSWERS[node.valueType] ? pick(ANSWERS[node.valueType]) : null;
    default: return null;
  }
};

const randomStep = (filling, random) => {
  const pick = (list) => list[Math.floor(random() * list.length)];
  const open = [...filling.nodes()].filter((node) => node.currentState.relevant && !node.currentState.readonly);
  const ranges = open.filter((node) => node.nodeType === 'repeat-range:uncontrolled');
  if (ranges.length > 0 && random() < 0.2) {
    const range = pick(ranges), n = range.currentState.children.length;
    if (n < 4 && random() < 0.7) return { add: Filling.ref(range) };
    return n > 1 ? { remove: `${Filling.ref(range)}[${1 + Math.floor(random() * n)}]` } : null;
  }
  if (filling.root.languages.length > 1 && random() < 0.05) return { language: pick(filling.root.languages).language };
  const leaves = open.filter((node) => ['select', 'rank', 'input', 'range', 'trigger'].includes(node.nodeType));
  if (leaves.length === 0) return null;
  const node = pick(leaves), value = answerFor(node, random);
  return value === null ? null : { set: Filling.ref(node), value };
};

const randomSteps = (filling, seed, count) => {
  const random = chance(seed), steps = [];
  for (let tries = 0; tries < count * 10 && steps.length < count; tries++) {
    const step = randomStep(filling, random);
    if (step === null) continue;
    try { filling.take(step); } catch { break; }
    steps.push(step);
  }
  return steps;
};

const randomCases = async (form, seeds, count) => {
  const cases = [];
  for (const seed of seeds) {
    const steps = randomSteps(await Filling.open(form), seed, count);
    cases.push({ seed, steps, ...(await fill(form, steps)).state() });
  }
  return cases;
};

const fill = async (form, steps) => {
  const filling = await Filling.open(form);
  for (const step of steps) filling.take(step);
  return filling;
};

// What each expression comes to at the form's root.
const stringsOf = async (form, expressions) => {
  const { root } = await Filling.open(form);
  return expressions.map((expression) => {
    try { return root.evaluator.evaluateString(expression, { contextNode: root }); } catch { return null; }
  });
};

const answer = async ({ form, seeds, count, steps, submission, expressions }) => {
  if (expressions) return stringsOf(form, expressions);
  if (seeds) return randomCases(form, seeds, count);
  const filling = await fill(form, steps);
  return submission ? filling.submission() : filling.state();
};

const serve = async () => {
  console.log = console.error;
  for await (const line of createInterface({ input: process.stdin })) {
    const answered = await answer(JSON.parse(line)).catch(() => null);
    process.stdout.write(JSON.stringify(answered) + '\n');
  }
};

const readSteps = (path) => (path ? JSON.parse(readFileSync(path, 'utf8')) : []);
const [verb, form, ...rest] = process.argv.slice(2);
if (verb === 'run' || verb === 'submission') {
  const answered = await answer({ form, steps: readSteps(rest[0]), submission: verb === 'submission' });
  console.log(verb === 'run' ? JSON.stringify(answered) : answered);
} else if (verb === 'cases') {
  console.log(JSON.stringify(await randomCases(form, rest[0].split(',').map(Number), Number(rest[1]))));
} else if (verb === 'serve') {
  await serve();
} else if (verb === 'bench') {
  const filling = await Filling.open(form), steps = readSteps(rest[0]);
  // what a client shows after a step is part of it
  const started = performance.now();
  for (const step of steps) {
    filling.take(step);
    for (const node of filling.nodes()) void (node.currentState.relevant && node.currentState.instanceValue);
  }
  console.log(JSON.stringify({ load_ms: filling.loadMs, step_ms: (performance.now() - started) / Math.max(1, steps.length), steps: steps.length }));
} else {
  console.error('usage: odk-engine.mjs run|cases|serve|submission|bench FORM.xml …');
  process.exit(2);
}
// A pipe takes what was written bit by bit; the engine's timers would keep the process.
process.stdout.write('', () => process.exit(0));
