using System.Text.Json;
using System.Text.Json.Serialization;
using CocoonPool.Domain.Contributions;
using CocoonPool.Domain.Epochs;
using CocoonPool.Domain.Ledger;
using CocoonPool.Domain.Participants;
using CocoonPool.Domain.Workers;

namespace CocoonPool.Grains;

/// <summary>How the value types of the Domain stand in JSON: in grain state, in tables and on the HTTP interface.</summary>
public static class DomainJson
{
    /// <summary>Property names as they are in C#, enumerations by name: for grain state and other JSON that only the pool reads.</summary>
    public static JsonSerializerOptions Options { get; } = Configure(new JsonSerializerOptions());

    /// <summary>Property names in snake_case, enumerations by name: for events, which are handed on to others as they were written.</summary>
    public static JsonSerializerOptions Told { get; } = Configure(new JsonSerializerOptions { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower });

    public static JsonSerializerOptions Configure(JsonSerializerOptions options)
    {
        options.Converters.Add(new TextConverter<Nanotons>(text => Nanotons.TryParse(text, out var value) ? value : throw new JsonException("An amount in nanoTON is a whole number in a string.")));
        options.Converters.Add(new TextConverter<TonAddress>(text => TonAddress.TryParse(text, TonNetwork.Local, out var value, out var problem) ? value : throw new JsonException(problem)));
        options.Converters.Add(new TextConverter<WorkerId>(text => new(text)));
        options.Converters.Add(new TextConverter<TaskId>(text => new(text)));
        options.Converters.Add(new EpochNumberJson());
        options.Converters.Add(new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower));
        return options;
    }

    private sealed class TextConverter<T>(Func<string, T> parse) : JsonConverter<T>
        where T : struct
    {
        public override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            reader.TokenType == JsonTokenType.String ? parse(reader.GetString()!) : throw new JsonException($"A {typeof(T).Name} is a string.");

        public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) => writer.WriteStringValue(value.ToString());
    }

    private sealed class EpochNumberJson : JsonConverter<EpochNumber>
    {
        public override EpochNumber Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => new(reader.GetInt32());

        public override void Write(Utf8JsonWriter writer, EpochNumber value, JsonSerializerOptions options) => writer.WriteNumberValue(value.Value);
    }
}
