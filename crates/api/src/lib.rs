//! HTTP and the event socket.
