// Our own vocabulary for videos: jobs that take minutes, asked for once and polled until they are over.

export type VideoRequest = {
  readonly model: string;
  readonly prompt: string;
  readonly seconds?: number;
  readonly size?: VideoSize;
  /** The picture that the video begins with: an https address or a data URL. */
  readonly firstFrame?: string;
};

export type VideoSize = { readonly width: number; readonly height: number };

/** How far a job is, as a poll tells. */
export type VideoProgress =
  | { readonly status: 'queued' }
  | { readonly status: 'in_progress'; readonly percent?: number }
  | {
      readonly status: 'completed';
      readonly seconds?: number;
      /** Where the video lies for a while, for whoever knows the address. */
      readonly url?: string;
    }
  | { readonly status: 'failed'; readonly reason: VideoFailure };

/** `moderated`: the provider's policy refused the prompt or the result. */
export type VideoFailure = 'moderated' | 'expired' | 'cancelled' | 'failed';
