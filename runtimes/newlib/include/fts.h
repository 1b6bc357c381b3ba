/* BSD's walk over trees of files. */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef _FTS_H
#define _FTS_H

#include <sys/stat.h>
#include <sys/types.h>

#define FTS_COMFOLLOW 0x0001 /* follow the links that are named */
#define FTS_LOGICAL 0x0002
#define FTS_NOCHDIR 0x0004
#define FTS_NOSTAT 0x0008
#define FTS_PHYSICAL 0x0010
#define FTS_SEEDOT 0x0020
#define FTS_XDEV 0x0040
#define FTS_WHITEOUT 0x0080
#define FTS_OPTIONMASK 0x00ff
#define FTS_NAMEONLY 0x0100
#define FTS_STOP 0x0200

#define FTS_ROOTPARENTLEVEL -1
#define FTS_ROOTLEVEL 0

#define FTS_D 1       /* folder, before what is in it */
#define FTS_DC 2      /* folder that holds itself */
#define FTS_DEFAULT 3 /* none of the others */
#define FTS_DNR 4     /* folder that cannot be read */
#define FTS_DOT 5
#define FTS_DP 6      /* folder, after what is in it */
#define FTS_ERR 7
#define FTS_F 8
#define FTS_INIT 9
#define FTS_NS 10     /* stat failed */
#define FTS_NSOK 11   /* stat was not asked for */
#define FTS_SL 12
#define FTS_SLNONE 13 /* link to nothing */
#define FTS_W 14

#define FTS_AGAIN 1
#define FTS_FOLLOW 2
#define FTS_NOINSTR 3
#define FTS_SKIP 4

typedef struct _ftsent {
  struct _ftsent *fts_cycle;  /* of FTS_DC: the folder that is the same */
  struct _ftsent *fts_parent;
  struct _ftsent *fts_link;   /* next in the same folder */
  long fts_number;            /* the program's own */
  void *fts_pointer;
  char *fts_accpath;          /* what to open */
  char *fts_path;             /* from the root of the walk */
  int fts_errno;
  int fts_symfd;
  size_t fts_pathlen;
  size_t fts_namelen;
  ino_t fts_ino;
  dev_t fts_dev;
  nlink_t fts_nlink;
  int fts_level;
  unsigned short fts_info;
  unsigned short fts_flags;
  unsigned short fts_instr;
  struct stat *fts_statp;
  char fts_name[1];
} FTSENT;

typedef struct _fts FTS;

__BEGIN_DECLS
FTS *fts_open(char *const *, int, int (*)(const FTSENT **, const FTSENT **));
FTSENT *fts_read(FTS *);
FTSENT *fts_children(FTS *, int);
int fts_set(FTS *, FTSENT *, int);
int fts_close(FTS *);
__END_DECLS

#endif
