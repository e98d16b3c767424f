"""The door of the plugin: componentize-py looks for `Fitting` here."""

import wit_world.exports

import centre_scale


class Fitting(wit_world.exports.Fitting):
    def fit(self, tables, recipe, seed):
        # the seed is not used: nothing here is random
        return centre_scale.fit(tables, recipe)

    def apply(self, state, tables):
        return centre_scale.apply(state, tables)
