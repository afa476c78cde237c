// What a person says about recordings. What comes of it is seen in the state.

import type { AnswerConsent, StartRecording, StopRecording, UpdateRecording } from "../protocol/messages.gen";

export interface RecordingCommandsOptions {
  send: (message: StartRecording | UpdateRecording | StopRecording | AnswerConsent) => void;
  forgetFailure: () => void;
}

/** The server decides; options are those of Daily's API. */
export class RecordingCommands {
  readonly #options: RecordingCommandsOptions;

  constructor(options: RecordingCommandsOptions) {
    this.#options = options;
  }

  /** Record the call. Only for those who may. */
  start(options: object = {}): void {
    this.dismissFailure();
    this.#options.send({ type: "start-recording", options: JSON.stringify(options) });
  }

  /** Arrange people otherwise: `layout`, and `instanceId` if there are several recordings. */
  update(options: object): void {
    this.#options.send({ type: "update-recording", options: JSON.stringify(options) });
  }

  stop(instanceId: string | null = null): void {
    this.#options.send({ type: "stop-recording", instance_id: instanceId });
  }

  /** Agree to be recorded, or not, or no longer. */
  answerConsent(agrees: boolean): void {
    this.#options.send({ type: "answer-consent", agrees });
  }

  /** The person has read why there is no recording. */
  dismissFailure(): void {
    this.#options.forgetFailure();
  }
}
