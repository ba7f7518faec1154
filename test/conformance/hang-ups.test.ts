// Callers who leave before the end.

import { conform } from './conform.ts';
import { HANG_UPS } from './suite.ts';

conform(HANG_UPS);
