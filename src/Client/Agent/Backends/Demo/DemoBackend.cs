using System.Runtime.CompilerServices;
using System.Text;
using CocoonPool.Domain.Contributions;

namespace CocoonPool.Client.Agent.Backends.Demo;

/// <summary>
/// The built-in demonstration model behind the same interface as a real server. It says what it is in every answer
/// (<c>"system_fingerprint":"demo-ngram"</c>), so that nobody takes it for the model whose name it serves under.
/// </summary>
internal sealed class DemoBackend(NgramModel model, DemoOptions options, TimeProvider time) : IInferenceBackend
{
    /// <summary>An answer of at least this many tokens may stop at the end of a paragraph.</summary>
    private const int ShortestWholeAnswer = 16;

    public async IAsyncEnumerable<BackendEvent> Run(BackendRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (DemoRequest.TryRead(request, out var problem) is not { } wanted)
        {
            yield return new BackendEnd(400, "invalid_request", problem, Body: DemoAnswer.Error(problem));
            yield break;
        }
        var answer = new DemoAnswer(request.TaskId, wanted.Model, request.Route is "chat/completions", time.GetUtcNow().ToUnixTimeSeconds());
        var promptTokens = TextTokens.Count(wanted.Prompt);
        var text = new StringBuilder();
        var count = 0;
        var finish = "length";
        foreach (var token in model.Continue(wanted.Prompt))
        {
            if (token is "\n" && count >= ShortestWholeAnswer)
            {
                finish = "stop";
                break;
            }
            if (options.TokenPace > TimeSpan.Zero)
                await Task.Delay(options.TokenPace, time, cancellationToken);
            cancellationToken.ThrowIfCancellationRequested();
            count++;
            if (request.Stream)
                yield return new BackendChunk(answer.Chunk(token, first: count == 1, finish: null), 1);
            else
                text.Append(token);
            if (count == wanted.MaxTokens)
                break;
        }
        if (request.Stream)
        {
            yield return new BackendChunk(answer.Chunk(text: null, first: false, finish), 0);
            if (wanted.WantsUsage)
                yield return new BackendChunk(answer.UsageChunk(promptTokens, count), 0);
        }
        else
        {
            yield return new BackendAnswer(answer.Whole(text.ToString(), finish, promptTokens, count));
        }
        yield return BackendEnd.Success(new TokenCounts(promptTokens, 0, count, 0));
    }

    public Task<BackendProbe> Probe(CancellationToken cancellationToken) =>
        Task.FromResult(new BackendProbe("built-in demonstration model (an n-gram text generator, not a large language model)", null));
}
