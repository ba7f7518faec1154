// The fields of a text completions request, with values that tell apart what can become of each.
// https://platform.openai.com/docs/api-reference/completions/create

import { probes, type ProbeGroup } from './probe.ts';

const plain = { model: 'any', prompt: 'Once upon a time' };

export const openaiCompletionsProbes: readonly ProbeGroup[] = [
  {
    title: 'What is asked',
    probes: [
      ...probes(plain, [
        ['model', 'another', { instead: 'any', idle: 'chooses the target' }],
        ['models', ['another'], { idle: 'further targets, in order' }],
        ['prompt', 'There was a king', { instead: 'Once upon a time' }],
        ['prompt', ['There was a king'], { instead: 'Once upon a time' }],
        ['prompt', ['There was a king', 'There was a queen'], { instead: 'Once upon a time' }],
        ['prompt', [7454, 2402], { instead: 'Once upon a time' }],
        ['prompt', [[7454, 2402]], { instead: 'Once upon a time' }],
        ['prompt', '', { instead: 'Once upon a time' }],
        ['stream', true],
        ['n', 1, { idle: 'one answer is what there is' }],
        ['n', 2],
        ['best_of', 1, { idle: 'one answer is what there is' }],
        ['best_of', 3],
        ['echo', true],
        ['echo', false, { idle: 'asks for nothing' }],
        ['suffix', 'and they lived happily ever after'],
        ['suffix', '', { idle: 'asks for nothing' }],
        ['logprobs', 0],
        ['logprobs', 3],
      ]),
      ...probes({ ...plain, stream: true }, [
        ['stream_options.include_usage', true, { idle: 'always asked for; decides what the caller is told' }],
        ['stream_options.a_field_of_tomorrow', true],
      ]),
    ],
  },
  {
    title: 'How it is answered',
    probes: [
      ...probes(plain, [
        ['max_tokens', 1000],
        ['max_tokens', 1_000_000],
        ['temperature', 0.5],
        ['temperature', 1.5],
        ['top_p', 0.5],
        ['frequency_penalty', 0.5],
        ['presence_penalty', 0.5],
        ['logit_bias', { '50256': -100 }],
        ['seed', 7],
        ['stop', 'END'],
        ['stop', ['END', '\n']],
        ['user', 'caller-1'],
        ['a_field_of_tomorrow', true],
        ['a_field_of_tomorrow', null, { idle: 'asks for nothing' }],
      ]),
    ],
  },
  {
    title: 'What other servers have added to the dialect',
    probes: [
      ...probes(plain, [
        ['provider', { order: ['Anthropic'] }],
        ['transforms', ['middle-out']],
        ['top_k', 5],
        ['top_a', 0.5],
        ['min_p', 0.5],
        ['repetition_penalty', 1.5],
        ['structured_outputs', { choice: ['yes', 'no'] }],
        ['min_tokens', 10],
        ['ignore_eos', true],
      ]),
    ],
  },
];
