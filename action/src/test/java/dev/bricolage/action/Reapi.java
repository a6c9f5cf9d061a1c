package dev.bricolage.action;

import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.DescriptorProtos.DescriptorProto;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.DescriptorValidationException;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.InvalidProtocolBufferException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;

/**
 * The messages of {@code build/bazel/remote/execution/v2/remote_execution.proto} that our nouns
 * encode, with the numbers and types that file gives their fields.
 */
final class Reapi {
  private static final FileDescriptor FILE = file();

  private Reapi() {}

  private static FileDescriptor file() {
    FileDescriptorProto.Builder file =
        FileDescriptorProto.newBuilder().setName("reapi.proto").setSyntax("proto3");
    message(
        file,
        "Digest",
        text(1, "hash"),
        number(2, "size_bytes", FieldDescriptorProto.Type.TYPE_INT64));
    message(file, "Duration", number(1, "seconds", FieldDescriptorProto.Type.TYPE_INT64), nanos());
    message(
        file, "FileNode", text(1, "name"), one(2, "digest", "Digest"), flag(4, "is_executable"));
    message(file, "DirectoryNode", text(1, "name"), one(2, "digest", "Digest"));
    message(file, "SymlinkNode", text(1, "name"), text(2, "target"));
    message(
        file,
        "Directory",
        many(1, "files", "FileNode"),
        many(2, "directories", "DirectoryNode"),
        many(3, "symlinks", "SymlinkNode"));
    message(file, "Property", text(1, "name"), text(2, "value"));
    message(file, "Platform", many(1, "properties", "Property"));
    message(
        file,
        "Command",
        texts(1, "arguments"),
        many(2, "environment_variables", "Property"),
        texts(3, "output_files"),
        texts(4, "output_directories"),
        one(5, "platform", "Platform"),
        text(6, "working_directory"),
        texts(7, "output_paths"));
    message(
        file,
        "Action",
        one(1, "command_digest", "Digest"),
        one(2, "input_root_digest", "Digest"),
        one(6, "timeout", "Duration"),
        flag(7, "do_not_cache"));
    message(
        file, "OutputFile", text(1, "path"), one(2, "digest", "Digest"), flag(4, "is_executable"));
    message(file, "OutputSymlink", text(1, "path"), text(2, "target"));
    message(
        file,
        "ActionResult",
        many(2, "output_files", "OutputFile"),
        number(4, "exit_code", FieldDescriptorProto.Type.TYPE_INT32),
        one(6, "stdout_digest", "Digest"),
        one(8, "stderr_digest", "Digest"),
        many(12, "output_symlinks", "OutputSymlink"));
    try {
      return FileDescriptor.buildFrom(file.build(), new FileDescriptor[0]);
    } catch (DescriptorValidationException e) {
      throw new IllegalStateException("the descriptors above are wrong", e);
    }
  }

  private static void message(
      FileDescriptorProto.Builder file, String name, FieldDescriptorProto.Builder... fields) {
    DescriptorProto.Builder message = DescriptorProto.newBuilder().setName(name);
    for (FieldDescriptorProto.Builder field : fields) {
      message.addField(field);
    }
    file.addMessageType(message);
  }

  private static FieldDescriptorProto.Builder number(
      int number, String name, FieldDescriptorProto.Type type) {
    return FieldDescriptorProto.newBuilder()
        .setNumber(number)
        .setName(name)
        .setType(type)
        .setLabel(FieldDescriptorProto.Label.LABEL_OPTIONAL);
  }

  private static FieldDescriptorProto.Builder nanos() {
    return number(2, "nanos", FieldDescriptorProto.Type.TYPE_INT32);
  }

  private static FieldDescriptorProto.Builder text(int number, String name) {
    return number(number, name, FieldDescriptorProto.Type.TYPE_STRING);
  }

  private static FieldDescriptorProto.Builder texts(int number, String name) {
    return text(number, name).setLabel(FieldDescriptorProto.Label.LABEL_REPEATED);
  }

  private static FieldDescriptorProto.Builder flag(int number, String name) {
    return number(number, name, FieldDescriptorProto.Type.TYPE_BOOL);
  }

  private static FieldDescriptorProto.Builder one(int number, String name, String type) {
    return number(number, name, FieldDescriptorProto.Type.TYPE_MESSAGE).setTypeName("." + type);
  }

  private static FieldDescriptorProto.Builder many(int number, String name, String type) {
    return one(number, name, type).setLabel(FieldDescriptorProto.Label.LABEL_REPEATED);
  }

  /** Reads our bytes. */
  static DynamicMessage parse(String type, byte[] bytes) {
    try {
      return DynamicMessage.parseFrom(descriptor(type), bytes);
    } catch (InvalidProtocolBufferException e) {
      throw new AssertionError("protobuf does not read our " + type, e);
    }
  }

  /** Writes as the canonical form asks: deterministically. */
  static byte[] serialize(DynamicMessage message) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    CodedOutputStream out = CodedOutputStream.newInstance(bytes);
    out.useDeterministicSerialization();
    try {
      message.writeTo(out);
      out.flush();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  static Descriptor descriptor(String type) {
    return FILE.findMessageTypeByName(type);
  }

  static FieldDescriptor field(DynamicMessage message, String name) {
    return message.getDescriptorForType().findFieldByName(name);
  }

  static Object get(DynamicMessage message, String name) {
    return message.getField(field(message, name));
  }

  /** A message of this type with these fields, given as name, value, name, value. */
  static DynamicMessage of(String type, Object... namesAndValues) {
    DynamicMessage.Builder builder = DynamicMessage.newBuilder(descriptor(type));
    for (int i = 0; i < namesAndValues.length; i += 2) {
      FieldDescriptor field = descriptor(type).findFieldByName((String) namesAndValues[i]);
      builder.setField(field, namesAndValues[i + 1]);
    }
    return builder.build();
  }

  static DynamicMessage digest(Digest digest) {
    return of("Digest", "hash", digest.hex(), "size_bytes", digest.size());
  }
}
