using System.Globalization;
using System.Text;

namespace CocoonPool.Chaos.Growth;

/// <summary>Memory over time, a line per service, broken where it was started again. One self-contained SVG.</summary>
public static class GrowthPlot
{
    private const int Width = 900;
    private const int Height = 360;
    private const int Left = 60;
    private const int Bottom = 40;
    private const int Legend = 190;
    private static readonly string[] Colours = ["#1b6ca8", "#c44536", "#3a7d44", "#8e5ea2", "#b8860b", "#2a9d8f", "#6d6875", "#e07a5f"];

    public static string Draw(IReadOnlyList<ServiceSeries> series)
    {
        var all = series.SelectMany(s => s.Samples).ToList();
        var (seconds, mebibytes) = (Math.Max(1, all.Select(s => s.Seconds).DefaultIfEmpty().Max()), Math.Max(1, all.Select(s => s.MemoryMebibytes).DefaultIfEmpty().Max()));
        var svg = new StringBuilder();
        svg.Append(CultureInfo.InvariantCulture, $"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {Width} {Height}\" font-family=\"sans-serif\" font-size=\"12\">\n");
        svg.Append(CultureInfo.InvariantCulture, $"<rect width=\"{Width}\" height=\"{Height}\" fill=\"white\"/>\n");
        for (var i = 0; i <= 4; i++)
        {
            var y = Y(mebibytes * i / 4);
            svg.Append(CultureInfo.InvariantCulture, $"<line x1=\"{Left}\" x2=\"{Width - Legend}\" y1=\"{y:0}\" y2=\"{y:0}\" stroke=\"#ddd\"/><text x=\"{Left - 6}\" y=\"{y + 4:0}\" text-anchor=\"end\">{mebibytes * i / 4:0}</text>\n");
            var x = X(seconds * i / 4);
            svg.Append(CultureInfo.InvariantCulture, $"<text x=\"{x:0}\" y=\"{Height - Bottom + 18}\" text-anchor=\"middle\">{seconds * i / 240:0.#} min</text>\n");
        }

        svg.Append(CultureInfo.InvariantCulture, $"<text x=\"{Left}\" y=\"14\">memory of its own, MiB</text>\n");
        foreach (var (service, index) in series.Select((s, i) => (s, i)))
        {
            var colour = Colours[index % Colours.Length];
            foreach (var life in service.Samples.GroupBy(s => s.Life))
            {
                var points = string.Join(' ', life.Select(s => string.Create(CultureInfo.InvariantCulture, $"{X(s.Seconds):0.0},{Y(s.MemoryMebibytes):0.0}")));
                svg.Append(CultureInfo.InvariantCulture, $"<polyline points=\"{points}\" fill=\"none\" stroke=\"{colour}\" stroke-width=\"1.5\"/>\n");
            }

            svg.Append(CultureInfo.InvariantCulture, $"<text x=\"{Width - Legend + 12}\" y=\"{30 + 18 * index}\" fill=\"{colour}\">{service.Service} ({service.Lives} starts)</text>\n");
        }

        return svg.Append("</svg>\n").ToString();

        double X(double at) => Left + (Width - Legend - Left) * at / seconds;
        double Y(double value) => Height - Bottom - (Height - Bottom - 24) * value / mebibytes;
    }
}
