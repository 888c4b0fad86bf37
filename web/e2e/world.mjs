/** What people with telephones do in a test: the test around this one has them, and does what it is asked, line by line. */
import net from "node:net";
import { createInterface } from "node:readline";

const address = process.env.CORDBOARD_WORLD;
if (!address) throw new Error("CORDBOARD_WORLD says where the test listens that has telephones");
const [host, port] = address.split(":");

/** Has the world do something, and waits until it is done. */
export async function world(deed) {
  const socket = net.connect(Number(port), host);
  try {
    socket.write(`${deed}\n`);
    for await (const answer of createInterface({ input: socket })) {
      if (answer !== "ok") throw new Error(`the world cannot ${deed}: ${answer}`);
      return;
    }
    throw new Error(`the world did not answer to ${deed}`);
  } finally {
    socket.destroy();
  }
}
