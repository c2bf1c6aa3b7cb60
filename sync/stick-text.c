/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The two small texts of a stick: what a finder reads, and the stick's own number. They name no place and no person. */

#include "config.h"

#include <sodium.h>

#include "sync/stick-private.h"

#define IDENTITY_SIZE 8 /* bytes */

#define COMMANDS                                                  \
  "    minisign -VHm NAME.age -p sender.pub\r\n"                  \
  "    age -d -i receiver.key NAME.age | zstd -dc | tar tf -\r\n" \
  "\r\n"

static const char readme[] =
  "ENGLISH\r\n"
  "\r\n"
  "This folder carries sealed files between a field team and its office. They can be\r\n"
  "opened by the receiver only. Please change nothing here, and give the stick back to\r\n"
  "whoever handed it to you. A file without its .minisig was not written to the end.\r\n"
  "\r\n"
  "For the office: the files open with the programs minisign, age, zstd and tar. Go on\r\n"
  "only if the first command says that the signature is right.\r\n"
  "\r\n" COMMANDS
  "FRANÇAIS\r\n"
  "\r\n"
  "Ce dossier transporte des fichiers scellés entre une équipe de terrain et son bureau.\r\n"
  "Seul le destinataire peut les ouvrir. Merci de ne rien modifier ici et de rendre la clé\r\n"
  "à la personne qui vous l’a remise. Un fichier sans son .minisig n’a pas été écrit\r\n"
  "jusqu’au bout.\r\n"
  "\r\n"
  "Pour le bureau : les fichiers s’ouvrent avec les programmes minisign, age, zstd et tar.\r\n"
  "Ne continuez que si la première commande dit que la signature est bonne.\r\n"
  "\r\n" COMMANDS
  "ESPAÑOL\r\n"
  "\r\n"
  "Esta carpeta lleva archivos sellados entre un equipo de terreno y su oficina. Solo el\r\n"
  "destinatario puede abrirlos. Por favor, no cambie nada aquí y devuelva la memoria a\r\n"
  "quien se la entregó. Un archivo sin su .minisig no se escribió hasta el final.\r\n"
  "\r\n"
  "Para la oficina: los archivos se abren con los programas minisign, age, zstd y tar.\r\n"
  "Siga solo si la primera orden dice que la firma es correcta.\r\n"
  "\r\n" COMMANDS;

const char *
mere_stick_get_readme (void)
{
  return readme;
}

char *
mere_stick_make_identity (void)
{
  guint8           number[IDENTITY_SIZE];
  g_autofree char *hex = NULL;

  randombytes_buf (number, sizeof number);
  hex = mere_hex_new (number, sizeof number);

  return g_strdup_printf ("{\"stick\":\"%s\"}\n", hex);
}
