// What a person says about recordings. What comes of it is seen in the state.

import type { AnswerConsent, StartRecording, StopRecording, UpdateRecording } from "../protocol/messages.gen";

type Send = (message: StartRecording | UpdateRecording | StopRecording | AnswerConsent) => void;

/** The server decides; options are those of Daily's API. */
export class RecordingCommands {
  readonly #send: Send;
  /** This page has wanted a recording since it was opened. */
  isAsked = false;

  constructor(send: Send) {
    this.#send = send;
  }

  /** Record the call. Only for those who may. */
  start(options: object = {}): void {
    this.isAsked = true;
    this.#send({ type: "start-recording", options: JSON.stringify(options) });
  }

  /** Arrange people otherwise: `layout`, and `instanceId` if there are several recordings. */
  update(options: object): void {
    this.#send({ type: "update-recording", options: JSON.stringify(options) });
  }

  stop(instanceId: string | null = null): void {
    this.#send({ type: "stop-recording", instance_id: instanceId });
  }

  /** Agree to be recorded, or not, or no longer. */
  answerConsent(agrees: boolean): void {
    this.#send({ type: "answer-consent", agrees });
  }
}
