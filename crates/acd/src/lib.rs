//! Who gets which call.
