"""Parts of things: quotes, places, caveats, amounts, and what rules derive from statements.

A part is shown and described with the thing that it belongs to, and has no page of its own.
"""

from tipgraph.store.engine import Engine

# Of several things with one part, the first has it. What has a speaker of its own is no part.
QUERY = """
SELECT ?part (MIN(?whole) AS ?first) {
  { ?whole tip:caveat ?part . ?part a tip:FigureCaveat }
  UNION { ?part oa:hasBody ?whole }
  UNION { ?part a tip:Passage ; tip:sentence ?whole }
  UNION { ?whole tip:evidence ?part . ?part a tip:PageReference }
  UNION { ?whole tip:evidence ?part . ?part a tip:DocumentPlace }
  UNION { ?whole oa:hasSelector|oa:refinedBy|tip:amount ?part }
  UNION { ?part a qb:DataSet ; tip:edition ?whole }
  UNION {
    ?part a tip:Derived ; prov:wasDerivedFrom ?whole .
    MINUS { ?part tip:speaker ?speaker }
  }
  FILTER(isIRI(?part) && isIRI(?whole) && ?part != ?whole)
} GROUP BY ?part
"""


def wholes(engine: Engine) -> dict[str, str]:
    """Return the thing that each part belongs to, by the IRI of the part; none is a part itself."""
    found = {str(row["part"]): str(row["first"]) for row in engine.select(QUERY)}

    def whole(part: str) -> str:
        passed = [part]
        while passed[-1] in found and found[passed[-1]] not in passed:
            passed.append(found[passed[-1]])
        return passed[-1]

    belonging = {part: whole(part) for part in found}
    return {part: each for part, each in belonging.items() if each not in found}
