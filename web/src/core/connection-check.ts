// Proves that this browser can carry a call: two connections within the page find each other, over a relay if there
// is one. Nothing that is sent says who checks.

/** `relay`: works even where direct ways are closed; `direct`: found its address outside; `local`: only this network. */
export type Proof = "relay" | "direct" | "local" | "none";

export const CHECK_WITHIN_MS = 9000;

interface CheckOptions {
  iceServers: RTCIceServer[];
  /** Makes the connections; the browser's, but in tests. */
  connect?: (configuration: RTCConfiguration) => RTCPeerConnection;
}

/** The best that works, within 9 seconds. */
export async function checkConnection({ iceServers, connect = browserConnection }: CheckOptions): Promise<Proof> {
  const relays = iceServers.filter(({ urls }) => [urls].flat().some((url) => /^turns?:/.test(url)));
  const [relay, direct] = await Promise.all([
    relays.length > 0 ? opens({ iceServers: relays, iceTransportPolicy: "relay" }, connect) : null,
    opens({ iceServers }, connect),
  ]);
  if (relay !== null && relay.isOpen) return "relay";
  if (!direct.isOpen) return "none";
  return direct.hasPublicAddress ? "direct" : "local";
}

/** Tell staff what was found, so that they can help; `link`: the join link, such as "/a/abc", that led here. */
export async function tellProof(link: string, proof: Proof): Promise<boolean> {
  const headers = { "Content-Type": "application/json" };
  try {
    const answer = await fetch(`${link}/connection`, { method: "POST", headers, body: JSON.stringify({ proof }) });
    return answer.ok;
  } catch {
    return false; // the person knows it all the same
  }
}

interface Opened {
  isOpen: boolean;
  hasPublicAddress: boolean;
}

/** Whether data gets from one connection to the other with this configuration. */
async function opens(
  configuration: RTCConfiguration,
  connect: (configuration: RTCConfiguration) => RTCPeerConnection,
): Promise<Opened> {
  const [one, other] = [connect(configuration), connect(configuration)];
  let hasPublicAddress = false;
  const pass = (to: RTCPeerConnection) => (event: RTCPeerConnectionIceEvent) => {
    hasPublicAddress ||= event.candidate?.type === "srflx";
    if (event.candidate !== null) void to.addIceCandidate(event.candidate).catch(() => undefined);
  };
  one.onicecandidate = pass(other);
  other.onicecandidate = pass(one);
  const channel = one.createDataChannel("check");
  try {
    const opened = new Promise<boolean>((resolve) => {
      channel.onopen = () => resolve(true);
      setTimeout(() => resolve(false), CHECK_WITHIN_MS);
    });
    await one.setLocalDescription();
    await other.setRemoteDescription(one.localDescription ?? { type: "offer" });
    await other.setLocalDescription();
    await one.setRemoteDescription(other.localDescription ?? { type: "answer" });
    return { isOpen: await opened, hasPublicAddress };
  } catch {
    return { isOpen: false, hasPublicAddress };
  } finally {
    one.close();
    other.close();
  }
}

const browserConnection = (configuration: RTCConfiguration): RTCPeerConnection => new RTCPeerConnection(configuration);
