// The least a Worker can be: what a cold start costs before there is any code of ours.

export default {
  fetch: () => new Response('ok'),
} satisfies ExportedHandler;
