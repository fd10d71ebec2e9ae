using CocoonPool.Chaos.Books;

namespace CocoonPool.Chaos.Harms;

/// <summary>
/// Does one harm after the other at drawn moments, two at a time now and then, and looks how long it takes until clients
/// have answers again. The seed decides kinds, victims, lengths and pauses; real processes decide the rest.
/// </summary>
/// <param name="slowness">Multiplies the pauses.</param>
public sealed class Mischief(HarmCatalogue catalogue, AnswerBook answers, HarmBook book, double slowness, TimeProvider time)
{
    private const int AtOnce = 2;
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(100);

    /// <summary>A harm whose answer does not come for so long is written down without one; the liveness of the end is judged anyway.</summary>
    private static readonly TimeSpan LongestLook = TimeSpan.FromSeconds(90);

    /// <summary>What is going on at this moment, for the line that tells the progress.</summary>
    public string Now { get; private set; } = "";

    /// <summary>Goes on until it is cancelled; then everything that was done is undone.</summary>
    public Task Run(int seed, CancellationToken cancellationToken) =>
        Task.WhenAll(Enumerable.Range(0, AtOnce).Select(i => OneAfterTheOther(new Random(unchecked(seed * 31 + i)), pauses: 3 + 9 * i, cancellationToken)));

    private async Task OneAfterTheOther(Random random, int pauses, CancellationToken cancellationToken)
    {
        while (true)
        {
            await Pause(TimeSpan.FromSeconds(slowness * (1 + pauses * random.NextDouble())), cancellationToken);
            if (cancellationToken.IsCancellationRequested)
                return;
            await Do(catalogue.Draw(random), cancellationToken);
        }
    }

    private async Task Do(Harm harm, CancellationToken cancellationToken)
    {
        var from = time.GetUtcNow();
        Now = $"{harm.Kind} {harm.Victim}";
        try
        {
            await harm.Do(CancellationToken.None);
            await Pause(harm.Lasts, cancellationToken);
        }
        finally
        {
            harm.Undo();
        }

        var until = time.GetUtcNow();
        book.Note(new(harm.Kind, harm.Victim, from, until, await AnsweredAgain(until, cancellationToken)));
        Now = "";
    }

    /// <summary>The second answer, because one may have been on its way already.</summary>
    private async Task<DateTimeOffset?> AnsweredAgain(DateTimeOffset since, CancellationToken cancellationToken)
    {
        var before = answers.Count;
        while (answers.Count < before + 2)
        {
            if (cancellationToken.IsCancellationRequested || time.GetUtcNow() - since > LongestLook)
                return null;
            await Pause(Look, cancellationToken);
        }

        return time.GetUtcNow();
    }

    private async Task Pause(TimeSpan length, CancellationToken cancellationToken) =>
        await Task.Delay(length, time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
}
