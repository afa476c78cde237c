"""What a page knows of its own connections, for tests that look at them."""

REMEMBERS_CONNECTIONS = """
window.connections = [];
window.RTCPeerConnection = class extends RTCPeerConnection {
  constructor(...configuration) {
    super(...configuration);
    window.connections.push(this);
  }
};
"""
"""Keeps each connection that a page makes in `window.connections`."""
