"""Fits the reference models of pipeline.rs: `python3 reference.py FOLDER FITTED-ROWS COLUMNS`.

FOLDER holds design.f32 (row-major, NaN for missing) and outcome.u8; the rows after the fitted ones
are held out. Says on one line which modules there are, then answers each line of its input, the
name of a learner, with the seconds that a fit took; the held-out risks go to FOLDER/LEARNER.f64.
"""

import importlib
import pathlib
import sys
import time

folder, fitted, columns = pathlib.Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])

modules = {}
for name in ("numpy", "sklearn", "xgboost"):
    try:
        modules[name] = importlib.import_module(name)
    except Exception:  # a module that is there but broken is as good as none
        modules[name] = None
print(*(f"{name}={getattr(module, '__version__', '-')}" for name, module in modules.items()), flush=True)
if modules["numpy"] is None:
    sys.exit()

np = modules["numpy"]
x = np.fromfile(folder / "design.f32", dtype="<f4").reshape(-1, columns)
y = np.fromfile(folder / "outcome.u8", dtype=np.uint8).astype(np.float32)
train, held_out = np.ascontiguousarray(x[:fitted]), np.ascontiguousarray(x[fitted:])
outcome = y[:fitted]


def boosting(rounds, rate, depth, l2, weight, bins):
    xgb = modules["xgboost"]
    start = time.perf_counter()
    matrix = xgb.QuantileDMatrix(train, label=outcome, max_bin=bins, nthread=1)
    params = {
        "objective": "binary:logistic",
        "tree_method": "hist",
        "base_score": float(outcome.mean()),
        "eta": rate,
        "max_depth": depth,
        "lambda": l2,
        "min_child_weight": weight,
        "max_bin": bins,
        "nthread": 1,
    }
    model = xgb.train(params, matrix, rounds)
    seconds = time.perf_counter() - start
    return seconds, model.predict(xgb.DMatrix(held_out, nthread=1))


def elastic_net(penalty, alpha):
    import sklearn.linear_model

    old = tuple(int(part) for part in modules["sklearn"].__version__.split(".")[:2]) < (1, 8)
    start = time.perf_counter()
    x = train.astype(np.float64)
    mean = np.nanmean(x, axis=0)
    x = np.where(np.isnan(x), mean, x)
    scale = x.std(axis=0)
    model = sklearn.linear_model.LogisticRegression(
        C=1 / (len(x) * penalty),
        l1_ratio=alpha,
        solver="saga",
        max_iter=1000,
        **({"penalty": "elasticnet"} if old else {}),
    ).fit((x - mean) / scale, outcome)
    seconds = time.perf_counter() - start
    other = np.where(np.isnan(held_out), mean, held_out)
    return seconds, model.predict_proba((other - mean) / scale)[:, 1]


for line in sys.stdin:
    learner, *words = line.split()
    values = [float(word) for word in words]
    if learner == "gradient-boosting":
        rounds, rate, depth, l2, weight, bins = values
        seconds, risks = boosting(int(rounds), rate, int(depth), l2, weight, int(bins))
    else:
        seconds, risks = elastic_net(*values)
    risks.astype("<f8").tofile(folder / f"{learner}.f64")
    print(seconds, flush=True)
