"""Cohorts of GiBleed (OMOP) and of the Synthea sample (FHIR), counted with pandas.

    python3 reference.py DATA > reference.json

DATA holds omop/gibleed and fhir/synthea_cohort. No code is shared with the crate.
"""

import gzip
import json
import sys
from pathlib import Path

import pandas as pd

data = Path(sys.argv[1])
omop = data / "omop/gibleed"


def table(name):
    frame = pd.read_csv(omop / f"{name}.csv.gz", low_memory=False)
    return frame.rename(columns=str.lower)


ancestor = table("concept_ancestor")


def with_descendants(concept):
    below = ancestor.loc[ancestor.ancestor_concept_id == concept, "descendant_concept_id"]
    return set(below) | {concept}


conditions = table("condition_occurrence")
eras = table("drug_era")
bleeds = conditions[conditions.condition_concept_id.isin(with_descendants(192671))].copy()
bleeds["day"] = pd.to_datetime(bleeds.condition_start_date)
out = {"persons": {"192671": int(bleeds.person_id.nunique())}}
for drug in (1118084, 1124300):
    of = eras[eras.drug_concept_id.isin(with_descendants(drug))]
    out["persons"][str(drug)] = int(of.person_id.nunique())

# new users of celecoxib: the first era, a year observed before, no bleed before; bleed in 365 days
periods = table("observation_period")
periods["start"] = pd.to_datetime(periods.observation_period_start_date)
periods["end"] = pd.to_datetime(periods.observation_period_end_date)
users = eras[eras.drug_concept_id.isin(with_descendants(1118084))].copy()
users["day"] = pd.to_datetime(users.drug_era_start_date)
steps = [[len(users), users.person_id.nunique()]]
users = users.sort_values(["person_id", "day"]).groupby("person_id").head(1)
steps.append([len(users), users.person_id.nunique()])
joined = users.merge(periods[["person_id", "start", "end"]], on="person_id")
joined = joined[(joined.start <= joined.day) & (joined.day <= joined.end)]
joined = joined[(joined.day - joined.start).dt.days >= 365]
steps.append([len(joined), joined.person_id.nunique()])
first_bleed = bleeds.groupby("person_id").day.min()
bled_before = joined.person_id.map(first_bleed) < joined.day
joined = joined[~bled_before]
steps.append([len(joined), joined.person_id.nunique()])
first = joined
fates = {"outcome": 0, "censored": 0, "free": 0}
counts = 0
for row in first.itertuples():
    own = bleeds[bleeds.person_id == row.person_id].day
    last = min(row.day + pd.Timedelta(days=365), row.end)
    if ((own > row.day) & (own <= last)).any():
        fates["outcome"] += 1
    elif row.end < row.day + pd.Timedelta(days=365):
        fates["censored"] += 1
    else:
        fates["free"] += 1
    of = conditions[conditions.person_id == row.person_id]
    days = (pd.to_datetime(of.condition_start_date) - row.day).dt.days
    counts += int(((days >= -365) & (days <= -1)).sum())
out["new_users"] = {"steps": [[int(a), int(b)] for a, b in steps], "fates": fates,
                    "conditions_in_the_year_before": counts}

# task-gibleed-omop: celecoxib or diclofenac; whoever is not observed to the end is left out
nsaid = eras[eras.drug_concept_id.isin(with_descendants(1118084) | with_descendants(1124300))].copy()
nsaid["day"] = pd.to_datetime(nsaid.drug_era_start_date)
steps = [nsaid]
nsaid = nsaid.sort_values(["person_id", "day"]).groupby("person_id").head(1)
steps.append(nsaid)
seen = nsaid.merge(periods[["person_id", "start", "end"]].drop_duplicates(), on="person_id")
seen = seen[(seen.start <= seen.day) & (seen.day <= seen.end)]
steps.append(seen[(seen.day - seen.start).dt.days >= 365])
steps.append(steps[-1][~(steps[-1].person_id.map(first_bleed) < steps[-1].day)])


def bleeds_within(row):
    own = bleeds[bleeds.person_id == row.person_id].day
    last = min(row.day + pd.Timedelta(days=365), row.end)
    return bool(((own > row.day) & (own <= last)).any())


kept = steps[-1].copy()
kept["bleeds"] = [bleeds_within(row) for row in kept.itertuples()]
steps.append(kept[kept.bleeds | ((kept.end - kept.day).dt.days >= 365)])
out["gibleed_task"] = {"steps": [[len(s), int(s.person_id.nunique())] for s in steps],
                       "outcomes": int(steps[-1].bleeds.sum())}

stays = []
hospital = []
with gzip.open(data / "fhir/synthea_cohort/Encounter.ndjson.gz", "rt") as lines:
    for line in lines:
        e = json.loads(line)
        stay = (e["subject"]["reference"], pd.Timestamp(e["period"]["start"]),
                pd.Timestamp(e["period"]["end"]))
        if e["class"]["code"] == "IMP":
            stays.append(stay)
        if e["class"]["code"] in ("IMP", "EMER"):
            hospital.append(stay)
# from date to date, and in spans of 24 hours that are over
by_date = elapsed = 0
for who, _, end in stays:
    later = [s for w, s, _ in stays if w == who and s > end]
    by_date += any((s.normalize() - end.normalize()).days <= 30 for s in later)
    elapsed += any((s - end).days <= 30 for s in later)
out["stays"] = {"inpatient": len(stays), "persons": len({s[0] for s in stays}),
                "again_by_date": by_date, "again_elapsed": elapsed}
# those who died by the end of a stay, or on its last day at an unknown hour, cannot come back
deaths = {}
with gzip.open(data / "fhir/synthea_cohort/Patient.ndjson.gz", "rt") as lines:
    for line in lines:
        p = json.loads(line)
        if "deceasedDateTime" in p:
            deaths["urn:uuid:" + p["id"]] = pd.Timestamp(p["deceasedDateTime"])
alive = [s for s in hospital if s[0] not in deaths or deaths[s[0]] > s[2]]
out["hospital"] = {
    "steps": [[len(of), len({s[0] for s in of})] for of in (hospital, alive)],
    "stays": len(hospital),
    "persons": len({s[0] for s in hospital}),
    "again_elapsed": sum(
        any(w == who and s > end and (s - end).days <= 30 for w, s, _ in hospital)
        for who, _, end in hospital
    ),
}
json.dump(out, sys.stdout, indent=1)
print()
