// The door of the plugin: jco looks for `fitting` here.
import { apply, fit } from './centre-scale.js';

export const fitting = {
  // the seed is not used: nothing here is random
  fit: (tables, recipe, seed) => fit(tables, recipe),
  apply,
};
