using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Net;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace CocoonPool.EndToEnd.Tests.Fixtures;

/// <summary>One span as it came over the wire; ids in hexadecimal, times in nanoseconds since 1970.</summary>
/// <param name="Parent">Empty for a root.</param>
public sealed record Span(string Trace, string Id, string Parent, string Name, ulong Start, ulong End);

/// <summary>An OpenTelemetry collector as far as a test needs one: takes OTLP over HTTP and keeps the spans.</summary>
public sealed class TraceCollector : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentQueue<Span> _spans = new();

    private TraceCollector(WebApplication app) => _app = app;

    public string Url => _app.Urls.Single();

    public static async Task<TraceCollector> Start()
    {
        var builder = WebApplication.CreateBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        var app = builder.Build();
        var collector = new TraceCollector(app);
        app.MapPost("/v1/traces", async (HttpRequest request) =>
        {
            using var body = new MemoryStream();
            await request.Body.CopyToAsync(body);
            collector.Take(body.ToArray());
        });
        await app.StartAsync();
        return collector;
    }

    /// <summary>The spans of one trace that have come so far.</summary>
    public IReadOnlyList<Span> Of(string trace) => [.. _spans.Where(s => s.Trace == trace)];

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    /// <summary>ExportTraceServiceRequest → resource_spans (1) → scope_spans (2) → spans (2), as opentelemetry/proto/trace/v1 numbers them.</summary>
    private void Take(byte[] request)
    {
        foreach (var resource in Fields(request, 1))
        {
            foreach (var span in Fields(resource, 2).SelectMany(scope => Fields(scope, 2)))
                _spans.Enqueue(new(Hex(span, 1), Hex(span, 2), Hex(span, 4), Encoding.UTF8.GetString(Fields(span, 5).Single()), Time(span, 7), Time(span, 8)));
        }
    }

    private static string Hex(byte[] message, int field) => Convert.ToHexStringLower(Fields(message, field).SingleOrDefault() ?? []);

    private static ulong Time(byte[] message, int field) => BinaryPrimitives.ReadUInt64LittleEndian(Fields(message, field).Single());

    /// <summary>Every value of one field of a Protocol Buffers message: the bytes after tag and length.</summary>
    private static List<byte[]> Fields(byte[] message, int wanted)
    {
        var found = new List<byte[]>();
        var at = 0;
        while (at < message.Length)
        {
            var tag = Varint(message, ref at);
            var length = (tag & 7) switch
            {
                0 => VarintLength(message, at),
                1 => 8,
                2 => (int)Varint(message, ref at),
                5 => 4,
                _ => throw new InvalidDataException($"Protocol Buffers has no wire type {tag & 7}."),
            };
            if (tag >> 3 == (ulong)wanted)
                found.Add(message[at..(at + length)]);
            at += length;
        }
        return found;
    }

    private static ulong Varint(byte[] message, ref int at)
    {
        var value = 0UL;
        for (var shift = 0; ; shift += 7)
        {
            var part = message[at++];
            value |= (ulong)(part & 0x7F) << shift;
            if (part < 0x80)
                return value;
        }
    }

    private static int VarintLength(byte[] message, int at)
    {
        var start = at;
        Varint(message, ref at);
        return at - start;
    }
}
