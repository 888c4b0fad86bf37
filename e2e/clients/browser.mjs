// A real browser that calls: a page with one peer connection, told what to do line by line (JSON in, JSON out).
// Its microphone is a tone; what it hears is measured for another.

import { createServer } from "node:http";
import { createInterface } from "node:readline";
import { chromium } from "playwright-core";

const site = createServer((_, response) => {
  response.setHeader("content-type", "text/html");
  response.end("<!doctype html><title>phone</title><audio id=ear autoplay></audio>");
});
await new Promise((listening) => site.listen(0, "127.0.0.1", listening));

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: [
    "--no-sandbox",
    "--allow-loopback-in-peer-connection",
    "--autoplay-policy=no-user-gesture-required",
  ],
});
const page = await browser.newPage();
page.on("pageerror", (error) => console.error(String(error)));

// Everything below runs in the page.
const phone = () => {
  const seen = (wanted) =>
    new Promise((done, failed) => {
      const end = Date.now() + 10_000;
      const look = () => {
        if (wanted()) done();
        else if (Date.now() > end) failed(new Error(`not within ten seconds: ${wanted}`));
        else setTimeout(look, 10);
      };
      look();
    });
  const audio = new AudioContext();
  const mouth = audio.createMediaStreamDestination();
  let connection = null;
  let ear = null;

  const open = (hertz) => {
    const tone = new OscillatorNode(audio, { frequency: hertz });
    tone.connect(new GainNode(audio, { gain: 0.5 })).connect(mouth);
    tone.start();
    connection = new RTCPeerConnection();
    connection.addTrack(mouth.stream.getAudioTracks()[0], mouth.stream);
    connection.ontrack = ({ streams: [stream] }) => {
      document.getElementById("ear").srcObject = stream;
      ear = new AnalyserNode(audio, { fftSize: 8192 });
      audio.createMediaStreamSource(stream).connect(ear);
    };
  };
  const gathered = async (description) => {
    await connection.setLocalDescription(description);
    await seen(() => connection.iceGatheringState === "complete");
    return { sdp: connection.localDescription.sdp };
  };
  // The share of the power at a frequency, of the loudest that is heard.
  const share = (hertz) => {
    const samples = new Float32Array(ear.fftSize);
    ear.getFloatTimeDomainData(samples);
    let [power, real, imaginary] = [0, 0, 0];
    samples.forEach((sample, n) => {
      const angle = (2 * Math.PI * hertz * n) / audio.sampleRate;
      power += sample * sample;
      real += sample * Math.cos(angle);
      imaginary += sample * Math.sin(angle);
    });
    if (power / samples.length < 1e-5) return 0;
    return (2 * (real * real + imaginary * imaginary)) / (samples.length * power);
  };

  window.phone = {
    async offer({ hertz, restart = false, direction = "sendrecv" }) {
      if (!connection) open(hertz);
      connection.getTransceivers().forEach((way) => (way.direction = direction));
      return gathered(await connection.createOffer({ iceRestart: restart }));
    },
    async accept({ sdp }) {
      await connection.setRemoteDescription({ type: "answer", sdp });
      await seen(() => connection.connectionState === "connected");
      return { state: connection.connectionState };
    },
    async hear({ hertz }) {
      let heard = 0;
      await seen(() => (heard = share(hertz)) >= 0.8);
      return { share: heard };
    },
    async silence() {
      await seen(() => [440, 1000].every((hertz) => share(hertz) < 0.01));
      return {};
    },
    async press({ keys }) {
      const [{ dtmf }] = connection.getSenders();
      dtmf.insertDTMF(keys, 100, 70);
      await seen(() => dtmf.toneBuffer === "");
      return {};
    },
    async report() {
      const report = [...(await connection.getStats()).values()];
      const [inbound] = report.filter((part) => part.type === "inbound-rtp");
      const [transport] = report.filter((part) => part.type === "transport");
      return {
        lost: inbound?.packetsLost,
        dtls: transport?.dtlsState,
        srtp: transport?.srtpCipher,
        role: transport?.dtlsRole,
        lite: transport?.iceRole,
      };
    },
  };
};

const load = async () => {
  await page.goto(`http://127.0.0.1:${site.address().port}/`);
  await page.evaluate(phone);
  return {};
};
await load();
console.log(JSON.stringify({ ready: await browser.version() }));

for await (const line of createInterface({ input: process.stdin })) {
  const { what, ...how } = JSON.parse(line);
  const done = what === "reload"
    ? load()
    : page.evaluate(([what, how]) => window.phone[what](how), [what, how]);
  console.log(JSON.stringify(await done.catch((error) => ({ error: String(error) }))));
}
await browser.close();
process.exit(0);
