using System.Text;
using CocoonPool.Client.Agent.Backends;

namespace CocoonPool.Agent.Tests.Fixtures;

/// <summary>A back end that does what the test says.</summary>
internal sealed class ScriptedBackend(Func<BackendRequest, CancellationToken, IAsyncEnumerable<BackendEvent>> script) : IInferenceBackend
{
    public static BackendChunk Chunk(string text) =>
        new(Encoding.UTF8.GetBytes($$"""{"choices":[{"index":0,"delta":{"content":"{{text}}"},"finish_reason":null}]}"""), 1);

    public IAsyncEnumerable<BackendEvent> Run(BackendRequest request, CancellationToken cancellationToken) => script(request, cancellationToken);

    public Task<BackendProbe> Probe(CancellationToken cancellationToken) => Task.FromResult(new BackendProbe("scripted", null));
}
