// The door of the plugin: jco looks for `acting` here.
import { act } from './critic.js';

export const acting = { act };
