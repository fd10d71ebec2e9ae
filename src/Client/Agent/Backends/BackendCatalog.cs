using CocoonPool.Client.Agent.Backends.Demo;
using CocoonPool.Client.Agent.Backends.OpenAi;
using CocoonPool.Client.Agent.Configuration;
using CocoonPool.Client.Agent.Tasks;

namespace CocoonPool.Client.Agent.Backends;

/// <summary>Makes the back end of every configured model. The demonstration model is trained only if one of them wants it, and once.</summary>
internal static class BackendCatalog
{
    public static IReadOnlyDictionary<string, HostedModel> Create(AgentConfiguration configuration, HttpClient client, TimeProvider time)
    {
        NgramModel? demo = null;
        var models = new Dictionary<string, HostedModel>(StringComparer.Ordinal);
        foreach (var section in configuration.Models)
        {
            IInferenceBackend backend;
            if (section.BackendUrl.Scheme is "demo")
            {
                if (!DemoOptions.TryParse(section.BackendUrl.OriginalString, out var options, out var problem))
                    throw new InvalidOperationException(problem);
                backend = new DemoBackend(demo ??= NgramModel.TrainOnEmbeddedText(), options, time);
            }
            else
            {
                backend = new OpenAiBackend(client, section.BackendUrl, section.Name, section.BackendModel);
            }
            models.Add(section.Name, new HostedModel(section, backend));
        }
        return models;
    }
}
