"""From files to quads, and engines that answer SPARQL over them."""
