package io.github.hiera4j.api.insight.page;

import io.github.hiera4j.api.insight.picture.Hues;
import io.github.hiera4j.media.Rgb8Image;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Thumbnails on a plane that can be zoomed and moved by mouse, touch, keys and buttons; names appear as tooltips. */
public final class MapPage {
    private static final String SUPPORT = """
            <style>#map{position:relative;height:min(78vh,900px,140vw);border:1px solid var(--line);border-radius:6px;overflow:hidden;
            touch-action:none;cursor:grab;background:var(--soft)}#map img{position:absolute;transform:translate(-50%,-50%);
            border:2px solid;border-radius:4px;max-width:min(64px,11vw);max-height:min(64px,11vw);width:auto;height:auto;pointer-events:auto;-webkit-user-drag:none}
            #map img:hover,#map img:focus{z-index:2;outline:2px solid var(--accent)}#tip{position:fixed;z-index:3;display:none;max-width:min(420px,90vw);
            padding:4px 8px;border-radius:4px;background:var(--ink);color:var(--paper);font-size:13px;pointer-events:none;overflow-wrap:anywhere}
            .tools{display:flex;gap:8px;flex-wrap:wrap;align-items:center;margin:8px 0;font-size:13px}.tools button{font:inherit;padding:2px 12px}
            .key{border-left:12px solid;padding-left:5px}</style>
            """;
    private static final String SCRIPT = """
            <script>
            const map=document.getElementById('map'),tip=document.getElementById('tip'),images=[...map.querySelectorAll('img')];
            let scale=1,left=0,top_=0;const fingers=new Map();
            function place(){const side=Math.min(map.clientWidth,map.clientHeight)-80,ox=(map.clientWidth-side)/2,oy=(map.clientHeight-side)/2;
              for(const image of images){image.style.left=left+scale*(ox+image.dataset.x*side)+'px';image.style.top=top_+scale*(oy+image.dataset.y*side)+'px'}}
            function zoom(factor,x,y){const next=Math.max(.5,Math.min(200,scale*factor));factor=next/scale;left=x-(x-left)*factor;top_=y-(y-top_)*factor;scale=next;place()}
            function middle(factor){zoom(factor,map.clientWidth/2,map.clientHeight/2)}
            function reset(){scale=1;left=top_=0;place()}
            map.addEventListener('wheel',e=>{e.preventDefault();const r=map.getBoundingClientRect();zoom(Math.exp(-e.deltaY/400),e.clientX-r.left,e.clientY-r.top)},{passive:false});
            map.addEventListener('pointerdown',e=>{fingers.set(e.pointerId,e);map.setPointerCapture(e.pointerId)});
            map.addEventListener('pointermove',e=>{const was=fingers.get(e.pointerId);if(!was){return}
              const r=map.getBoundingClientRect();
              if(fingers.size===2){const other=[...fingers.values()].find(f=>f.pointerId!==e.pointerId);
                const before=Math.hypot(was.clientX-other.clientX,was.clientY-other.clientY),now=Math.hypot(e.clientX-other.clientX,e.clientY-other.clientY);
                if(before>0)zoom(now/before,(e.clientX+other.clientX)/2-r.left,(e.clientY+other.clientY)/2-r.top)}
              else{left+=e.clientX-was.clientX;top_+=e.clientY-was.clientY;place()}
              fingers.set(e.pointerId,e)});
            for(const name of['pointerup','pointercancel'])map.addEventListener(name,e=>fingers.delete(e.pointerId));
            function show(image){tip.textContent=image.alt;const r=image.getBoundingClientRect();tip.style.display='block';
              tip.style.left=Math.max(4,Math.min(innerWidth-tip.offsetWidth-4,r.left))+'px';tip.style.top=Math.min(innerHeight-tip.offsetHeight-4,r.bottom+4)+'px'}
            for(const image of images){image.addEventListener('pointerenter',()=>show(image));image.addEventListener('focus',()=>show(image));
              for(const name of['pointerleave','blur'])image.addEventListener(name,()=>tip.style.display='none')}
            map.addEventListener('keydown',e=>{const step={ArrowLeft:[60,0],ArrowRight:[-60,0],ArrowUp:[0,60],ArrowDown:[0,-60]}[e.key];
              if(step){left+=step[0];top_+=step[1];place();e.preventDefault()}else if(e.key==='+')middle(1.4);else if(e.key==='-')middle(1/1.4)});
            addEventListener('resize',place);place();
            </script>
            """;

    private final List<Item> items;

    /**
     * One file.
     *
     * @param name its tooltip
     * @param group determines the colour of its frame
     * @param x from 0 to 1
     * @param y from 0 to 1
     * @param picture a thumbnail
     */
    public record Item(String name, String group, double x, double y, Rgb8Image picture) {}

    /**
     * Creates a map.
     *
     * @param items the files
     */
    public MapPage(List<Item> items) {
        this.items = new ArrayList<>(items);
    }

    /**
     * Returns the map with its style and script.
     *
     * @return HTML
     */
    public String html() {
        StringBuilder html = new StringBuilder(SUPPORT);
        html.append(
                        "<div class='tools'><button onclick='middle(1.4)'>zoom in</button><button onclick='middle(1/1.4)'>zoom out</button>")
                .append("<button onclick='reset()'>all</button>");
        Hues hues = new Hues();
        Set<String> groups = new LinkedHashSet<>();
        items.stream().map(Item::group).sorted().forEach(groups::add);
        groups.forEach(hues::rgb);
        if (groups.size() > 1 && groups.size() <= 40) {
            groups.forEach(group -> html.append("<span class='key' style='border-color:")
                    .append(hues.css(group))
                    .append("'>")
                    .append(Page.escaped(group))
                    .append("</span>"));
        }
        html.append("</div><div id='map' tabindex='0' role='group' aria-label='map'>");
        for (Item item : items) {
            html.append(String.format(
                            Locale.ROOT,
                            "<img tabindex='0' data-x='%.5f' data-y='%.5f' style='border-color:",
                            item.x(),
                            item.y()))
                    .append(hues.css(item.group()))
                    .append("' alt='")
                    .append(Page.escaped(item.name()))
                    .append("' src='")
                    .append(Page.dataUri(item.picture()))
                    .append("'>");
        }
        return html.append("</div><div id='tip' role='tooltip'></div>")
                .append(SCRIPT)
                .toString();
    }
}
