#!/usr/bin/env python3
"""Writes expected.json: what the two Synthea exports hold, read with Python's json alone.

    python3 expected.py DATA/fhir > expected.json        (made with Python 3.11.7)

It shares nothing with the loader: counts and sums are taken from the resources themselves.
"""
import collections
import gzip
import json
import pathlib
import sys

KINDS = {
    "Condition": "condition", "Observation": "observation", "MedicationRequest": "medication-request",
    "MedicationStatement": "medication-statement", "MedicationAdministration": "medication-administration",
    "Procedure": "procedure", "DiagnosticReport": "diagnostic-report", "AllergyIntolerance": "allergy-intolerance",
    "Immunization": "immunization", "Claim": "claim", "Coverage": "coverage",
}


def resources(folder):
    for path in sorted(folder.iterdir()):
        opened = gzip.open(path, "rt", encoding="utf-8") if path.suffix == ".gz" else open(path, encoding="utf-8")
        with opened as lines:
            for line in lines:
                if line.strip():
                    yield json.loads(line)


def all_references(value):
    if isinstance(value, dict):
        for name, inner in value.items():
            if name == "reference" and isinstance(inner, str):
                yield inner
            else:
                yield from all_references(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from all_references(inner)


def person(reference):
    return reference.split(":")[-1] if reference.startswith("urn:uuid:") else reference.split("/")[-1]


def expected(folder):
    kinds, sums, counts = collections.Counter(), collections.defaultdict(float), collections.Counter()
    persons, classes, genders, races = set(), collections.Counter(), collections.Counter(), collections.Counter()
    total, references, deceased = 0, 0, 0
    for resource in resources(folder):
        total += 1
        references += sum(1 for _ in all_references(resource))
        kind = resource.get("resourceType")
        if kind == "Patient":
            genders[resource["gender"]] += 1
            deceased += "deceasedDateTime" in resource or resource.get("deceasedBoolean") is True
            for extension in resource["extension"]:
                if extension["url"].endswith("/us-core-race"):
                    for part in extension["extension"]:
                        if part["url"] == "ombCategory":
                            races[part["valueCoding"]["code"]] += 1
        if kind == "Encounter":
            classes[resource["class"]["code"]] += 1
        if kind not in KINDS:
            continue
        who = resource.get("subject") or resource.get("patient") or resource.get("beneficiary")
        persons.add(person(who["reference"]))
        for statement in [resource, *resource.get("component", [])]:
            kinds[KINDS[kind]] += 1
            if "valueQuantity" in statement and "value" in statement["valueQuantity"]:
                code = statement["code"]["coding"][0]["code"]
                sums[code] += statement["valueQuantity"]["value"]
                counts[code] += 1
    return {
        "resources": total, "references": references, "kinds": kinds, "persons": len(persons),
        "value-sums": sums, "value-counts": counts, "classes": classes, "genders": genders,
        "races": races, "deceased": deceased,
    }


data = pathlib.Path(sys.argv[1])
result = {name: expected(data / name) for name in ["bulk_synthea_10", "synthea_cohort"]}
print(json.dumps(result, indent=1, sort_keys=True))
