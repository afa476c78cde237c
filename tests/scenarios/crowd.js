// People of a crowd for pictures: they are in a room, or knock, and connect to everybody but each other.
async ([links, media, look]) => {
  const crowd = (window.crowd ??= new Set());
  const sockets = (window.sockets ??= []);

  const portrait = (number) => {
    const canvas = Object.assign(document.createElement("canvas"), { width: 320, height: 180 });
    const pen = canvas.getContext("2d");
    const [wall, hair, coat] = look[number % look.length];
    const shape = (colour, ...oval) => {
      pen.fillStyle = colour;
      pen.beginPath();
      pen.ellipse(...oval, 0, 0, 7);
      pen.fill();
    };
    const paint = () => {
      const nod = Math.sin(performance.now() / 900 + number) * 2;
      pen.fillStyle = wall;
      pen.fillRect(0, 0, 320, 180);
      shape(hair, 160, 78 + nod, 40, 47);
      shape(coat, 160, 186, 76, 58);
      shape("#dcae8a", 160, 84 + nod, 31, 40);
      shape(hair, 160, 58 + nod, 34, 18);
    };
    paint();
    setInterval(paint, 200);
    return canvas.captureStream(5).getVideoTracks()[0];
  };

  const enter = (link, number) =>
    new Promise((resolve, reject) => {
      const { origin, pathname, searchParams } = new URL(link);
      const socket = new WebSocket(`${origin.replace("http", "ws")}/signalling`);
      const say = (message) => socket.send(JSON.stringify(message));
      const connections = new Map();
      const shows = media.video && number % 4 !== 3;
      const picture = shows ? portrait(number) : null;
      const connect = (id) => {
        const connection = new RTCPeerConnection({ bundlePolicy: "max-bundle" });
        connections.set(id, connection);
        connection.onicecandidate = ({ candidate }) =>
          candidate &&
          say({
            type: "candidate",
            to: id,
            candidate: candidate.candidate,
            sdp_mid: candidate.sdpMid,
            sdp_m_line_index: candidate.sdpMLineIndex,
            username_fragment: candidate.usernameFragment,
          });
        return connection;
      };
      const describe = async (id) => {
        const connection = connections.get(id);
        await connection.setLocalDescription();
        const { type, sdp } = connection.localDescription;
        say({ type: "description", to: id, kind: type, sdp });
      };
      const call = (id) => {
        const connection = connect(id);
        for (const kind of ["audio", "video", "video", "audio"]) connection.addTransceiver(kind);
        void connection.getTransceivers()[1].sender.replaceTrack(picture);
        return describe(id);
      };
      const take = async ({ sender, kind, sdp }) => {
        const connection = connections.get(sender) ?? connect(sender);
        await connection.setRemoteDescription({ type: kind, sdp });
        if (kind !== "offer") return;
        for (const transceiver of connection.getTransceivers()) transceiver.direction = "sendrecv";
        void connection.getTransceivers()[1].sender.replaceTrack(picture);
        await describe(sender);
      };
      let order = Promise.resolve();
      socket.onopen = () =>
        say({ type: "hello", versions: [1], room: pathname.slice(1), token: searchParams.get("t") });
      socket.onmessage = ({ data }) => {
        const message = JSON.parse(data);
        const { type } = message;
        if (type === "welcome")
          say({
            type: "join",
            user_name: searchParams.get("name") ?? "",
            media: { audio: false, video: shows, screen: false },
          });
        if (type === "joined") {
          crowd.add(message.you.session_id);
          for (const { session_id } of message.participants) if (!crowd.has(session_id)) void call(session_id);
        }
        if (type === "description-from") order = order.then(() => take(message));
        if (type === "candidate-from")
          order = order.then(() =>
            connections
              .get(message.sender)
              ?.addIceCandidate({
                candidate: message.candidate,
                sdpMid: message.sdp_mid,
                sdpMLineIndex: message.sdp_m_line_index,
              })
              .catch(() => undefined),
          );
        if (type === "joined" || type === "waiting") resolve(type);
        if (type === "refused") reject(new Error(message.message));
      };
      sockets.push(socket);
    });

  for (const [number, link] of links.entries()) await enter(link, number);
}
