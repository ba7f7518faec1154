// Any server that speaks OpenAI's chat: vLLM, Ollama, llama.cpp, SGLang, LM Studio, LiteLLM and hosts in their manner.
// https://docs.vllm.ai/en/latest/serving/openai_compatible_server.html
// https://docs.ollama.com/api/openai-compatibility
// https://github.com/ggml-org/llama.cpp/blob/master/tools/server/README.md

import { openaiChat } from '../dialects/openai-chat/index.ts';
import { openaiCompletions } from '../dialects/openai-completions/index.ts';
import { bearer } from './bearer.ts';
import { compatibleTraits } from './families/compatible.ts';
import { embeddingsAt } from './families/embeddings.ts';
import { imagesAt } from './families/images.ts';
import { pass, speak, type Provider } from './provider.ts';

/** The base URL ends in `/v1`. */
export const openaiCompatible: Provider = {
  id: 'openai-compatible',
  keyless: 'with-base-url',
  auth: (key) => (key === '' ? {} : bearer(key)),
  // No quirks: a caller who speaks the dialect may be using what this one server adds to it (`top_k`, `guided_json`,
  // `chat_template_kwargs`), and what another server would refuse this one may need. Its bytes are the caller's own.
  speaks: [
    speak(openaiChat, {
      url: ({ baseUrl }) => `${baseUrl}/chat/completions`,
      traits: () => compatibleTraits,
    }),
    pass(openaiCompletions, {
      url: ({ baseUrl }) => `${baseUrl}/completions`,
    }),
  ],
  // Numbers only: some servers do not know base64, and there is a recording of one that wrote float64 in it
  // (test/fixtures/openai-compatible/vllm-embeddings.json). What a caller sends beside that is for the server to judge.
  embeddings: embeddingsAt(({ baseUrl }) => `${baseUrl}/embeddings`, {
    encodings: ['float'],
    inputs: ['text', 'tokens', 'parts'],
    inputTypes: 'any',
  }),
  // Servers differ in everything here, and what a caller sends is for this one to judge.
  images: imagesAt(({ baseUrl }) => `${baseUrl}/images/generations`, {
    gives: 'as-asked',
    streams: false,
    rules: {},
  }),
  models: { url: ({ baseUrl }) => `${baseUrl}/models` },
  // A server of one's own has no bill, and hanging up frees its slot for the next request.
  onHangUp: 'abort',
  // The first request loads the model; Ollama gives a load five minutes (OLLAMA_LOAD_TIMEOUT).
  timeouts: { headersMs: 330_000, firstContentMs: 330_000 },
};
