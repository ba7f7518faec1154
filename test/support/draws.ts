// Properties draw their cases anew at every run and print the seed of what fails. Where a run decides whether a change may
// land, it draws the same ones each time: what fails there then is the change.

import * as fc from 'fast-check';

if ((process.env['CI'] ?? '') !== '') fc.configureGlobal({ seed: 20_261_125 });
