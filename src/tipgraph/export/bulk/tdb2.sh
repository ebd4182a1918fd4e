#!/bin/sh
# Fill a new TDB2 database of Apache Jena: sh tdb2.sh DATABASE
# Fuseki serves it: fuseki-server --tdb2 --loc DATABASE /tipgraph
exec tdb2.tdbloader --loader=parallel --loc "$1" part-*.nq.gz
