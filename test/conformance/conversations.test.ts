// What applications say to models, in the words of each official client, at an upstream of each dialect.

import { conform } from './conform.ts';
import { CONVERSATIONS } from './suite.ts';

conform(CONVERSATIONS);
