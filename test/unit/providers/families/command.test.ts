import { describe, expect, it } from 'vitest';

import { commandTraits } from '../../../../src/providers/families/command.ts';

describe('what a model of Cohere takes', () => {
  it.each([
    ['command-a-plus-05-2026', { images: true, thinking: true, tools: true, toolChoice: true }],
    ['command-a-03-2025', { images: false, thinking: false, tools: true, toolChoice: true }],
    ['command-a-reasoning-08-2025', { images: false, thinking: true, tools: true, toolChoice: true }],
    ['command-a-vision-07-2025', { images: true, thinking: false, tools: false, toolChoice: true }],
    ['command-r7b-12-2024', { images: false, thinking: false, tools: true, toolChoice: true }],
    ['command-r-plus-08-2024', { images: false, thinking: false, tools: true, toolChoice: false }],
    ['c4ai-aya-vision-32b', { images: true, thinking: false, tools: false, toolChoice: false }],
    ['command-of-tomorrow', { images: true, thinking: true, tools: true, toolChoice: true }],
  ])('%s: %j', (model, traits) => {
    expect(commandTraits(model)).toEqual(traits);
  });
});
