#!/bin/sh
# Fill a running Virtuoso, whose DirsAllowed has this folder: sh virtuoso.sh HOST:PORT USER PASSWORD
# Run it again after an interruption: DB.DBA.load_list knows the parts that are done.
# Debian's isql has another name: ISQL=isql-vt sh virtuoso.sh …
exec "${ISQL:-isql}" "$1" "$2" "$3" VERBOSE=OFF EXEC="ld_dir('$(pwd)', 'part-*.nq.gz', 'https://w3id.org/tipgraph/graph/all');\
 rdf_loader_run(); checkpoint;"
