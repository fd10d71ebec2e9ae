using CocoonPool.Domain.Epochs;
using CocoonPool.Grains.Contributions;

namespace CocoonPool.Silo.Participants;

/// <summary>A tally as the API shows it.</summary>
public static class TallyView
{
    public static object Of(EpochTally tally, EpochNumber epoch) => new
    {
        epoch,
        tally.Tally.Participant,
        tasks = (long)tally.Tally.Tasks,
        failedTasks = tally.Tally.FailedTasks,
        promptTokens = tally.PromptTokens,
        completionTokens = tally.CompletionTokens,
        tokens = tally.PromptTokens + tally.CompletionTokens,
        adjustedTokens = tally.Tally.AdjustedTokens.ToString(),
        gpuMilliseconds = tally.Tally.GpuMilliseconds.ToString(),
        gpuSeconds = (long)(tally.Tally.GpuMilliseconds / 1000),
        qualityTokens = tally.Tally.QualityTokens.ToString(),
    };
}
