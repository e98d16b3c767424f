"""The door of the plugin: componentize-py looks for `Acting` here."""

import wit_world.exports

import critic


class Acting(wit_world.exports.Acting):
    def act(self, briefing):
        return critic.act(briefing)
