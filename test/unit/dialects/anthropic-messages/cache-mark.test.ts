import { describe, expect, it } from 'vitest';

import type { CacheMark } from '../../../../src/core/chat.ts';
import { anthropicMessages } from '../../../../src/dialects/anthropic-messages/index.ts';
import type { Loss } from '../../../../src/dialects/dialect.ts';
import { fullTraits } from '../../../support/anthropic-messages-arbitraries.ts';

function write(text: string, cacheMark: CacheMark) {
  const { body, losses } = anthropicMessages.egress.writeRequest(
    {
      model: 'claude',
      stream: false,
      streamUsage: true,
      messages: [
        {
          role: 'user',
          parts: [
            { type: 'text', text: 'Hi' },
            { type: 'text', text, cacheMark },
          ],
        },
      ],
    },
    fullTraits,
  );
  return { messages: body['messages'], losses };
}

describe('a mark for the cache', () => {
  it.each<[CacheMark, object, readonly Loss[]]>([
    [{}, { type: 'ephemeral' }, []],
    [{ ttl: '5m' }, { type: 'ephemeral', ttl: '5m' }, []],
    [{ ttl: '30m' }, { type: 'ephemeral', ttl: '1h' }, []],
    [{ ttl: '12h' }, { type: 'ephemeral', ttl: '1h' }, [{ action: 'clamped', field: 'cache_control.ttl' }]],
  ])('of %j is %j, and a time that is shorter is named', (mark, written, named) => {
    const { messages, losses } = write('there', mark);
    expect(messages).toEqual([
      {
        role: 'user',
        content: [
          { type: 'text', text: 'Hi' },
          { type: 'text', text: 'there', cache_control: written },
        ],
      },
    ]);
    expect(losses).toEqual(named);
  });

  it('is lost with the empty text that it is on, by name', () => {
    const { messages, losses } = write('', {});
    expect(messages).toEqual([{ role: 'user', content: 'Hi' }]);
    expect(losses).toEqual([{ action: 'dropped', field: 'cache_control' }]);
  });
});
