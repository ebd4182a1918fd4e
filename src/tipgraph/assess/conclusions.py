"""Read the conclusions on one case from the store that the rules ran in."""

from collections import defaultdict
from collections.abc import Mapping
from functools import cached_property

from pyoxigraph import NamedNode

from tipgraph.namespaces import ID, last_part
from tipgraph.rdf.terms import Value
from tipgraph.store.engine import Embedded
from tipgraph.store.rows import Rows


class Conclusions:
    """The conclusions on the case of one name.

    Things are IRIs; statuses and states are the last parts of theirs.
    """

    def __init__(self, engine: Embedded, case_name: str) -> None:
        self._engine = engine
        self._case = NamedNode(f"{ID}case/{case_name}")

    @cached_property
    def benefits(self) -> Mapping[str, Mapping[str, Value]]:
        """The `status` of each benefit, and whether it is `final`."""
        rows = self._engine.select(
            "SELECT ?benefit ?status ?final { ?conclusion a tip:BenefitConclusion ;"
            f" tip:ofCase {self._case} ; tip:concludesOn ?benefit ; tip:status ?status"
            " OPTIONAL { ?conclusion tip:final ?final } }"
        )
        return {
            str(row["benefit"]): {"status": last_part(str(row["status"])), "final": row["final"]}
            for row in rows
        }

    @cached_property
    def norms(self) -> Mapping[str, str]:
        """The status of each norm, placement, service and consequence."""
        return {str(row["norm"]): last_part(str(row["status"])) for row in self._norm_rows}

    @cached_property
    def norms_by_head(self) -> Mapping[str, list[str]]:
        """For each benefit and consequence, the norms that are presented under it."""
        norms: dict[str, dict[str, None]] = defaultdict(dict)
        for row in self._norm_rows:
            norms[str(row["head"])][str(row["norm"])] = None
        return {head: list(members) for head, members in norms.items()}

    @cached_property
    def _links(self) -> Mapping[str, Mapping[str, list[str]]]:
        links: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
        for row in self._norm_rows:
            if row["link"]:
                links[last_part(str(row["link"]))][str(row["norm"])].append(str(row["value"]))
        return links

    def depends_on(self, norm: str) -> list[str]:
        """The unknown facts and traits that the status of a norm depends on."""
        return self._links["dependsOn"].get(norm, [])

    def blocked_by(self, norm: str) -> list[str]:
        """The facts that block a norm."""
        return self._links["blockedBy"].get(norm, [])

    def open_readings(self, norm: str) -> list[str]:
        """The open readings that matter for a norm in this case."""
        return self._links["leftOpenBy"].get(norm, [])

    @property
    def all_open_readings(self) -> set[str]:
        """The open readings that matter for any norm."""
        return {each for norm in self._links["leftOpenBy"].values() for each in norm}

    @cached_property
    def states(self) -> Mapping[str, str]:
        """The state (`met`, `not-met`, `unknown`) of each fact, category and requirement."""
        rows = self._engine.select(
            "SELECT ?thing ?state { VALUES ?state { code:met code:not-met code:unknown }"
            f" ?conclusion tip:ofCase {self._case} ; tip:concludesOn ?thing ; tip:state ?state }}"
        )
        return {str(row["thing"]): last_part(str(row["state"])) for row in rows}

    @cached_property
    def contradiction(self) -> Mapping[str, str]:
        """The states of the stated facts that contradict each other; empty if none do.

        Each is the state (`met`, `not-met`) of a fact, by its IRI.
        """
        rows = self._engine.select(
            "SELECT DISTINCT ?fact ?state {"
            " ?met a tip:TruthConclusion ; tip:concludesOn ?thing ; tip:state code:met ;"
            f" tip:ofCase {self._case} ."
            " ?not_met a tip:TruthConclusion ; tip:concludesOn ?thing ; tip:state code:not-met ;"
            f" tip:ofCase {self._case} ."
            " VALUES ?end { 1 2 } BIND(IF(?end = 1, ?met, ?not_met) AS ?either)"
            f" ?either prov:wasDerivedFrom* ?stated . ?stated prov:wasDerivedFrom {self._case} ;"
            " tip:concludesOn ?fact ; tip:state ?state . ?fact skos:inScheme code:facts"
            "} ORDER BY ?fact"
        )
        return {str(row["fact"]): last_part(str(row["state"])) for row in rows}

    @cached_property
    def _norm_rows(self) -> Rows:
        return self._engine.select(
            "SELECT ?head ?norm ?status ?link ?value { ?conclusion a tip:NormConclusion ;"
            f" tip:ofCase {self._case} ; tip:answers ?head ; tip:concludesOn ?norm ;"
            " tip:status ?status OPTIONAL {"
            " VALUES ?link { tip:dependsOn tip:blockedBy tip:leftOpenBy }"
            " ?conclusion ?link ?value }"
            "} ORDER BY ?norm ?value"
        )
