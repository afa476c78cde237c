// A video appointment inside a React page, over the unmodified @daily-co/daily-js.

import DailyIframe from "@daily-co/daily-js";
import { useEffect, useRef, useState } from "react";

const HEIGHT = { width: "100%", height: "100%", border: "0" };

/** `url` and `token` come from your server, which asks Vestibule for them at the moment of the click. */
export function AppointmentCall({ url, token, userName, onEnd }) {
  const place = useRef(null);
  const frame = useRef(null);
  const [isInside, setInside] = useState(false);
  const [problem, setProblem] = useState("");

  useEffect(() => {
    const call = DailyIframe.createFrame(place.current, { iframeStyle: HEIGHT });
    frame.current = call;
    call.on("joined-meeting", () => setInside(true));
    call.on("left-meeting", () => {
      setInside(false);
      onEnd();
    });
    call.on("error", ({ errorMsg }) => setProblem(errorMsg));
    call.join({ url, token, userName }).catch(() => undefined); // the `error` event has said why
    return () => void call.destroy();
  }, [url, token, userName]);

  return (
    <section aria-label="Video appointment">
      <div ref={place} style={{ height: "70vh" }} />
      {problem !== "" && <p role="alert">{problem}</p>}
      {isInside && (
        <p>
          <button type="button" onClick={() => frame.current.leave()}>Leave the call</button>
          <button type="button" onClick={() => frame.current.requestFullscreen()}>Fullscreen</button>
        </p>
      )}
    </section>
  );
}
