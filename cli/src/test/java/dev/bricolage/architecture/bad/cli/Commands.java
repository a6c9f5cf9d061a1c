package dev.bricolage.architecture.bad.cli;

import com.google.protobuf.Message;

/** Breaks: no protobuf type leaves the wire; every package says what may be null. */
public record Commands(Message message) {}
