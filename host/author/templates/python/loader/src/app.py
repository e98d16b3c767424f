"""The door of the plugin: componentize-py looks for `Ingest` here."""

import wit_world.exports

import key_values


class Ingest(wit_world.exports.Ingest):
    def plan(self, job, shard_bytes):
        return key_values.plan(job, shard_bytes)

    def load(self, job, shard):
        return key_values.load(job, shard)
