// The door of the plugin: jco looks for `ingest` here.
import { describe, readAt } from 'autods:plugin/sources@{{contract}}';
import { emit, metric } from 'autods:plugin/sink@{{contract}}';

import { loader } from './key-values.js';

export const ingest = loader({ describe, readAt, emit, metric });
