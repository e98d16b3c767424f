"""What anndata, h5py and scipy read in the real files of `scrna/`; the answer is `reference.json`.

    pip install anndata==0.12.19 scanpy==1.11.5 h5py==3.16.0 scipy==1.17.1 zarr==3.1.6
    python reference.py DATA > reference.json
"""

import gzip
import json
import sys
import warnings

import anndata
import h5py
import numpy as np
import scanpy
import scipy
import scipy.io
import scipy.sparse as sp

warnings.simplefilter("ignore")


def digest(matrix):
    """Sums that no two values or places can be swapped in without a change."""
    coo = sp.coo_matrix(matrix)
    coo.eliminate_zeros()
    v = coo.data.astype(np.float64)
    places = (coo.row.astype(np.float64) + 1) * 0.5 + (coo.col.astype(np.float64) + 1) * 0.25
    return dict(
        cells=coo.shape[0],
        features=coo.shape[1],
        values=int(coo.nnz),
        sum=float(v.sum()),
        squares=float((v * v).sum()),
        placed=float((v * places).sum()),
        negative=int((v < 0).sum()),
        non_integer=int((v != np.floor(v)).sum()),
    )


def quality(matrix, symbols):
    """scanpy's own metrics of each cell, summed with weights."""
    adata = anndata.AnnData(sp.csr_matrix(matrix).astype(np.float64))
    adata.var_names = [str(i) for i in range(adata.n_vars)]
    names = np.array([s.upper() for s in symbols])
    adata.var["mt"] = np.char.startswith(names, "MT-")
    adata.var["ribo"] = np.char.startswith(names, "RPS") | np.char.startswith(names, "RPL")
    adata.var["hb"] = np.array([len(s) > 2 and s[:2] == "HB" and s[2] not in "(P)" for s in names])
    scanpy.pp.calculate_qc_metrics(adata, qc_vars=["mt", "ribo", "hb"], inplace=True, percent_top=None, log1p=False)
    weight = np.arange(1, adata.n_obs + 1)
    total = lambda name: float(np.nansum(adata.obs[name].to_numpy(dtype=np.float64) * weight))
    return dict(
        total_counts=total("total_counts"),
        n_features_by_counts=total("n_genes_by_counts"),
        pct_counts_mt=total("pct_counts_mt"),
        pct_counts_ribo=total("pct_counts_ribo"),
        pct_counts_hb=total("pct_counts_hb"),
        without=int((adata.obs["n_genes_by_counts"] == 0).sum()),
    )


def both(matrix, symbols):
    return dict(digest=digest(matrix), quality=quality(matrix, symbols))


def pbmc(data):
    folder = f"{data}/scrna/pbmc68k"
    new = anndata.read_h5ad(f"{folder}/pbmc68k_reduced_enc010.h5ad")
    old = anndata.read_h5ad(f"{folder}/10x_pbmc68k_reduced.h5ad")
    assert (old.X == new.X).all() and (old.raw.X != new.raw.X).nnz == 0
    weight = np.arange(1, new.n_obs + 1)
    obs = {name: float((new.obs[name].astype(np.float64) * weight).sum()) for name in ("n_genes", "percent_mito", "S_score")}
    counts = lambda name: {str(k): int(n) for k, n in new.obs[name].value_counts().items()}
    return dict(
        X=both(new.X, new.var_names),
        raw=both(new.raw.X, new.raw.var_names),
        obs=obs,
        labels=counts("bulk_labels"),
        phase=counts("phase"),
        pca={str(i + 1): float((new.obsm["X_pca"][:, i].astype(np.float64) * weight).sum()) for i in (0, 49)},
        cd3d=float((np.asarray(new.raw[:, "CD3D"].X.todense()).ravel().astype(np.float64) * weight).sum()),
        barcodes=[new.obs_names[0], new.obs_names[-1]],
        var=[float(new.var["means"].astype(np.float64).sum()), int(new.var["highly_variable"].sum())],
    )


def tenx(path, group):
    with h5py.File(path) as file:
        of = file[group]
        parts = [of[name][...] for name in ("data", "indices", "indptr")]
        features, cells = of["shape"][...]
        names = of["features/name"] if "features" in of else of["gene_names"]
        symbols = [name.decode() for name in names[...]]
        return both(sp.csr_matrix(tuple(parts), shape=(cells, features)), symbols)


def triplet(folder):
    with gzip.open(f"{folder}/matrix.mtx.gz") as file:
        matrix = scipy.io.mmread(file).T
    with gzip.open(f"{folder}/features.tsv.gz", "rt") as file:
        symbols = [line.split("\t")[1] for line in file]
    return both(matrix, symbols)


def layer(data):
    path = f"{data}/scrna/pbmc68k/10x_pbmc68k_reduced.zarr.zip"
    import zarr

    root = zarr.open_group(zarr.storage.ZipStore(path, mode="r"), mode="r", use_consolidated=False)
    parts = [root[f"layers/counts/{name}"][...] for name in ("data", "indices", "indptr")]
    matrix = sp.csr_matrix(tuple(parts), shape=root["layers/counts"].attrs["shape"])
    return both(matrix, root["var/index"][...])


def main(data):
    of_10x = f"{data}/scrna/tenx"
    versions = dict(anndata=anndata.__version__, scanpy=scanpy.__version__, h5py=h5py.__version__, scipy=scipy.__version__)
    print(
        json.dumps(
            dict(
                versions=versions,
                pbmc68k=pbmc(data),
                zarr_counts=layer(data),
                v3=tenx(f"{of_10x}/3.0.0/filtered_feature_bc_matrix.h5", "matrix"),
                mtx=triplet(f"{of_10x}/3.0.0/filtered_feature_bc_matrix"),
                v2=tenx(f"{of_10x}/1.2.0/filtered_gene_bc_matrices_h5.h5", "hg19_chr21"),
                genomes=tenx(f"{of_10x}/1.2.0/multiple_genomes.h5", "another_genome"),
                visium=tenx(f"{of_10x}/visium_2.1.0/raw_probe_bc_matrix.h5", "matrix"),
            ),
            indent=1,
        )
    )


main(sys.argv[1])
