import type { IceServer } from "../protocol/messages.gen";

/** The server's words in the browser's form, where what is not there is not given. */
export const iceServer = ({ urls, username, credential }: IceServer): RTCIceServer => ({
  urls,
  ...(username !== null && { username }),
  ...(credential !== null && { credential }),
});
