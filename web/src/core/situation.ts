// What this browser and the embedding page say about permissions.

import type { Situation } from "./device-failure";
import type { Input } from "./devices";

/** Only Chromium lets a page read the policy that its embedder set, and only some browsers tell permissions. */
export async function situationOf(feature: Input | "display-capture"): Promise<Situation> {
  const policy = (document as { featurePolicy?: { allowsFeature(name: string): boolean } }).featurePolicy;
  return {
    secureContext: window.isSecureContext,
    allowedInFrame: policy?.allowsFeature(feature) ?? true,
    permission: await permission(feature),
  };
}

async function permission(feature: Input | "display-capture"): Promise<PermissionState | null> {
  try {
    const status = await navigator.permissions.query({ name: feature as PermissionName });
    return status.state;
  } catch {
    return null;
  }
}
