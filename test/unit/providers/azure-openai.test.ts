import { describe, expect, it } from 'vitest';

import { azureOpenai } from '../../../src/providers/azure-openai.ts';

const resource = 'https://acme.openai.azure.com';

describe('the address at Azure', () => {
  it.each([
    [resource, undefined, `${resource}/openai/v1/chat/completions`],
    [resource, 'preview', `${resource}/openai/v1/chat/completions?api-version=preview`],
    [resource, 'v1', `${resource}/openai/v1/chat/completions?api-version=v1`],
    [resource, '2024-10-21', `${resource}/openai/deployments/gpt-4o/chat/completions?api-version=2024-10-21`],
    [`${resource}/openai`, undefined, `${resource}/openai/v1/chat/completions`],
    [
      `${resource}/openai`,
      '2025-04-01-preview',
      `${resource}/openai/deployments/gpt-4o/chat/completions?api-version=2025-04-01-preview`,
    ],
    [`${resource}/openai/v1`, undefined, `${resource}/openai/v1/chat/completions`],
    [`${resource}/openai/v1`, 'preview', `${resource}/openai/v1/chat/completions?api-version=preview`],
    [
      `${resource}/openai/deployments/other`,
      '2024-10-21',
      `${resource}/openai/deployments/other/chat/completions?api-version=2024-10-21`,
    ],
    [
      'https://acme.services.ai.azure.com/api/projects/p/openai/v1',
      undefined,
      'https://acme.services.ai.azure.com/api/projects/p/openai/v1/chat/completions',
    ],
  ])('of %s with version %s is %s', (baseUrl, apiVersion, url) => {
    expect(address(baseUrl, 'gpt-4o', apiVersion)).toBe(url);
  });

  it('has the deployment as one segment', () => {
    expect(address(resource, 'my gpt?#', '2024-10-21')).toContain('/deployments/my%20gpt%3F%23/chat');
  });

  it.each(['.', '..', 'a/b', '../../v1', 'a\\b'])('is refused for the deployment %s', (deployment) => {
    expect(() => address(resource, deployment, '2024-10-21')).toThrow('one segment');
  });
});

describe('a deployment of a text model', () => {
  const [chat, responses, text] = azureOpenai.speaks;

  it('is asked at /completions, on both surfaces', () => {
    const place = { baseUrl: resource, model: 'gpt-35-turbo-instruct' };
    expect(text?.url(place)).toBe(`${resource}/openai/v1/completions`);
    expect(text?.url({ ...place, apiVersion: '2024-10-21' })).toBe(
      `${resource}/openai/deployments/gpt-35-turbo-instruct/completions?api-version=2024-10-21`,
    );
  });

  it.each([
    ['gpt-35-turbo-instruct', true],
    ['gpt-35-turbo-instruct-0914', true],
    ['davinci-002', true],
    ['gpt-35-turbo', false],
    ['gpt-4o', false],
    ['production-chat', false],
  ])('is told by its name: %s is one, %s', (name, isText) => {
    expect([chat, responses, text].map((spoken) => spoken?.serves?.(name, {}))).toEqual([
      !isText,
      !isText,
      isText,
    ]);
  });
});

describe('a request to Azure', () => {
  it('names the deployment in its body and its credential in api-key', () => {
    const { body } = write('my-deployment');
    expect(body).toMatchObject({ model: 'my-deployment' });
    expect(azureOpenai.auth('k')).toEqual({ 'api-key': 'k' });
  });

  it('treats a deployment that is named after a model as that model', () => {
    expect(write('gpt-4o').body).toMatchObject({ temperature: 0.5, max_completion_tokens: 10 });
  });

  it('leaves out of an unknown deployment what the newest model would refuse, and says so', () => {
    const { body, losses } = write('production-chat');
    expect(body).not.toHaveProperty('temperature');
    expect(body).toMatchObject({ max_completion_tokens: 10 });
    expect(losses).toContainEqual({ action: 'dropped', field: 'temperature' });
  });
});

function address(baseUrl: string, model: string, apiVersion: string | undefined): string | undefined {
  return azureOpenai.speaks[0]?.url({
    baseUrl,
    model,
    ...(apiVersion === undefined ? {} : { apiVersion }),
  });
}

function write(model: string) {
  return azureOpenai.speaks[0]!.write!(
    {
      model,
      messages: [{ role: 'user', parts: [{ type: 'text', text: 'hello' }] }],
      stream: false,
      streamUsage: false,
      temperature: 0.5,
      maxOutputTokens: 10,
    },
    model,
  );
}
