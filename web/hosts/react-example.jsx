import { useState } from "react";
import { createRoot } from "react-dom/client";
import { AppointmentCall } from "../examples/react/appointment-call.jsx";

const query = new URLSearchParams(location.search);

function Portal() {
  const [isOver, setOver] = useState(false);
  if (isOver) return <h1>Thank you for your visit</h1>;
  return (
    <AppointmentCall
      url={query.get("url")}
      token={query.get("token")}
      userName="Ben"
      onEnd={() => setOver(true)}
    />
  );
}

createRoot(document.getElementById("place")).render(<Portal />);
