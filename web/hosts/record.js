// Notes the events of a call frame, for tests to ask afterwards.

const WATCHED = [
  "loading", "loaded", "joining-meeting", "joined-meeting", "left-meeting", "error", "nonfatal-error", "camera-error",
  "access-state-updated", "participant-joined", "participant-updated", "participant-left",
  "participant-counts-updated", "app-message", "custom-button-click", "lang-updated", "theme-updated",
  "active-speaker-mode-change", "show-local-video-changed", "recording-started", "recording-stopped", "recording-stats",
  "recording-error", "transcription-error", "live-streaming-error", "network-quality-change", "network-connection",
  "waiting-participant-added", "waiting-participant-removed", "local-screen-share-started",
  "local-screen-share-stopped", "selected-devices-updated", "sidebar-view-changed", "fullscreen", "exited-fullscreen",
];

/** Every event of the frame from now on, in order. */
export function record(frame) {
  const events = [];
  for (const name of WATCHED) frame.on(name, (event) => events.push({ ...event, action: name }));
  return events;
}
